/** Whether one client has the lock at a time, others are told so, and a release frees it. */
import type { Held } from "../adapter.ts";
import type { Attempt, Bench } from "./bench.ts";
import { said, withDeadline } from "../../adapter/conformance/calls.ts";
import type { Outcome } from "../../adapter/conformance/outcome.ts";
import { failed, passed, skipped } from "../../adapter/conformance/outcome.ts";
import { LONG_MS, REFUSAL_MS } from "./times.ts";

export async function exclusion(bench: Bench): Promise<void> {
  const key = bench.key();
  const helds = await bench.obtainAll(key, LONG_MS);
  const attempt = await bench.attempt(bench.limit, key, LONG_MS, REFUSAL_MS);
  bench.tell(
    "exclusive",
    attempt.kind === "held"
      ? failed(`client ${bench.limit + 1} got the lock while ${bench.limit} held it`)
      : passed(
          `client ${bench.limit + 1} did not get what ${bench.limit === 1 ? "another held" : `${bench.limit} others held`}`,
        ),
  );
  bench.tell("null-when-held", refusal(attempt, bench.options.adapter.blocking === true));
  await frees(bench, key, helds, attempt);
}

async function frees(bench: Bench, key: string, helds: readonly Held[], attempt: Attempt): Promise<void> {
  try {
    for (const held of helds) await bench.released(held);
    if (attempt.kind === "waits")
      await withDeadline(attempt.later, "the client that waited did not get the lock after the release");
    else await bench.obtain(bench.limit, key, LONG_MS);
    bench.tell("release-frees", passed("after the release another client got the lock"));
  } catch (error) {
    bench.tell("release-frees", failed(said(error)));
  }
}

function refusal(attempt: Attempt, blocking: boolean): Outcome {
  switch (attempt.kind) {
    case "refused":
      return passed("acquire() resolved to null");
    case "waits":
      return blocking
        ? skipped("it can only wait (blocking)")
        : failed("acquire() did not settle in its time; if it can only wait, say `blocking: true`");
    case "threw":
      return failed(`acquire() rejected, which says that nobody knows: ${said(attempt.error)}`);
    case "held":
      return failed("acquire() gave the lock");
  }
}
