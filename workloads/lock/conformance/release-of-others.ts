/** Whether a late release leaves the lock to the client that has it by then. */
import type { Bench } from "./bench.ts";
import { ended } from "../../adapter/conformance/calls.ts";
import { lostLock } from "./lost-lock.ts";
import { failed, passed } from "../../adapter/conformance/outcome.ts";
import { LONG_MS, REFUSAL_MS } from "./times.ts";

export async function releaseOfOthers(bench: Bench): Promise<void> {
  const { key, lost } = await lostLock(bench);
  const released = await ended(bench.settling(lost));
  const attempt = await bench.attempt(bench.limit, key, LONG_MS, REFUSAL_MS);
  bench.tell(
    "release-of-others",
    attempt.kind === "held"
      ? failed(`its late release (${released}) freed the lock of the client that had it by then`)
      : passed(`a late release (${released}) left the lock to the client that had it by then`),
  );
}
