/** What the adapter says of a lock between its grant and its release. */
import { setTimeout as delay } from "node:timers/promises";
import type { Held } from "../adapter.ts";
import { beliefOf, remainingMsOf, voicesOf } from "../belief.ts";
import type { Bench } from "./bench.ts";
import type { Outcome } from "../../adapter/conformance/outcome.ts";
import { failed, passed, skipped } from "../../adapter/conformance/outcome.ts";
import { DEADLINE_MS } from "../../adapter/conformance/times.ts";
import { LONG_MS, RETRY_MS } from "./times.ts";

export async function belief(bench: Bench): Promise<void> {
  const key = bench.key();
  const before = performance.now();
  const held = await bench.obtain(bench.limit + 1, key, bench.shortMs);
  const remaining = remainingMsOf(held);
  // What the library counts from an earlier moment is less, and what it counts from a later one is too much.
  const most = Math.round(bench.shortMs - (performance.now() - before));
  bench.tell(
    "validity",
    remaining === undefined
      ? skipped("it has no validUntil()")
      : remaining > 0 && remaining <= bench.shortMs
        ? passed(`${remaining} ms of ${bench.shortMs} were left at once`)
        : failed(`${remaining} of ${bench.shortMs} ms were left at once; at most ${most} can be`),
  );
  const granted = performance.now();
  await bench.expire();
  await bench.obtainAll(key, LONG_MS);
  bench.tell("reports-loss", await lossOf(bench, held, granted + bench.shortMs));
}

/** @param until when the time to live is over, on the clock of `performance.now()` */
async function lossOf(bench: Bench, held: Held, until: number): Promise<Outcome> {
  const voices = voicesOf(held);
  if (voices.length === 0)
    return skipped("it has neither isHeld() nor validUntil() nor signal: it says nothing until the release");
  const started = performance.now();
  const patienceMs = 2 * bench.shortMs + DEADLINE_MS;
  while (performance.now() - started < patienceMs) {
    if (!(await beliefOf(held)).held)
      return passed(
        `its key was removed behind its back and given to another client; ${voices.join(", ")} said so ${soonness(performance.now(), started, until)}`,
      );
    await delay(RETRY_MS);
  }
  return failed(
    `its key was removed behind its back and given to another client, and ${voices.join(", ")} still said that it held ${patienceMs} ms later, long after its ${bench.shortMs} ms to live: a holder that relies on it is never told`,
  );
}

/** What is good and what is bad about the moment at which a lock that nobody has told says that it is lost. */
function soonness(now: number, lost: number, until: number): string {
  const after = `${Math.round(now - lost)} ms later`;
  // What is asked every so often is heard of late by as much.
  return now <= until + RETRY_MS
    ? `${after}, within its time to live, which is all that a lock can promise whom no server tells of the loss`
    : `${after}, which is ${Math.round(now - until)} ms after its time to live: until then it wrongly said that it held, as one does that only looks now and then`;
}
