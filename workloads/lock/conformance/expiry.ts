/** Whether the lock ends without its holder, and not before its holder was told. */
import type { Bench } from "./bench.ts";
import { failed, passed, skipped } from "../../adapter/conformance/outcome.ts";
import { LONG_MS } from "./times.ts";

export async function expiry(bench: Bench): Promise<void> {
  const before = performance.now();
  await bench.obtain(0, bench.key(), LONG_MS);
  const left = await bench.servers.timesToLive();
  // What was set was set since then.
  const elapsed = Math.ceil(performance.now() - before);
  const finite = left.filter(({ ttlMs }) => ttlMs >= 0);
  const longest = Math.max(...finite.map(({ ttlMs }) => ttlMs));
  bench.tell(
    "expires",
    left.length === 0
      ? skipped("no server has any key while the lock is held")
      : finite.length === 0
        ? failed(`${left.map(({ key }) => key).join(", ")} would stay for good if its holder died`)
        : longest + elapsed < LONG_MS
          ? failed(
              `asked for ${LONG_MS} ms, the server had ${longest} ms left ${elapsed} ms later: the lock ends before its holder was told. Where the library counts in seconds, round up`,
            )
          : passed(`asked for ${LONG_MS} ms, the server has ${longest} ms left`),
  );
}
