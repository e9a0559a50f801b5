/**
 * Keys that are still on the servers when nobody holds a lock any more and every time to live is over: locks that block
 * everybody for longer, or for ever, and garbage. Whole numbers that never expire are counters, such as those that
 * fencing tokens come from, and no leftovers.
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { HistoryEvent } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import type { LeftKey } from "../../history/vocabulary/lock.ts";
import { leftKeysIn } from "../../history/vocabulary/read-lock.ts";
import { evidence } from "../kit/evidence.ts";
import { grantsOf } from "./parts/grants.ts";
import { counted, duration, fromMs, moment, tooFew } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  minGrants: z.int().min(1).default(2).describe("Fewer grants than this, and the test was too small"),
});

/** Counts the keys that the last look at the servers found, each server's own. */
export const lockLeftovers = checkerOf({
  name: "lock-leftovers",
  options: OPTIONS,
  exercise: always("succeeded", ["acquire"]),
  lock: () => ({ level: "leftovers" }),
  check,
});

function check(history: History, { minGrants }: z.output<typeof OPTIONS>): CheckResult {
  const look = lastLook(history);
  const keys = look === undefined ? [] : leftKeysIn(look);
  const left = keys.filter(({ counter, ttlMs }) => !(counter && ttlMs < 0));
  const granted = grantsOf(history).length;
  return conclude({
    history,
    findings: look === undefined ? [] : clearest(left, byServer, (key) => describe(key, look)),
    count: left.length,
    broken: `${counted(left.length, "key is", "keys are")} left on the servers although nobody holds a lock and every time to live is over.`,
    vacuous: tooFew(granted, minGrants, "lock was granted", "locks were granted"),
    unknown: look === undefined ? "Nobody looked at what is left on the servers." : undefined,
    holds: "Nothing is left of any lock on the servers.",
    figures: { grants: granted, "keys left": left.length, counters: keys.length - left.length },
  });
}

/** The last look at what is left on the servers, if anybody looked. */
export function lastLook(history: History): HistoryEvent | undefined {
  return history.operations.findLast(({ f, completion }) => f === "leftovers" && completion?.type === "ok")?.completion;
}

function byServer(a: LeftKey, b: LeftKey): number {
  return a.server < b.server ? -1 : a.server > b.server ? 1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function describe({ server, key, type, ttlMs }: LeftKey, look: HistoryEvent): Finding {
  const until = ttlMs < 0 ? "which never expires" : `which expires only in ${duration(fromMs(ttlMs))}`;
  return {
    kind: "leftover",
    sentence: `At ${moment(look.time)}, when nobody held a lock any more and every time to live was over, ${server} still had the ${type} ${JSON.stringify(key)}, ${until}.`,
    events: evidence([look]),
  };
}
