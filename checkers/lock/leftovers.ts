/**
 * Keys that are still on the servers when nobody holds a lock any more and every time to live is over: locks that block
 * everybody for longer, or for ever, and garbage. Whole numbers that never expire are counters, such as those that
 * fencing tokens come from, and no leftovers.
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { HistoryEvent, Json } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { fieldOf, isFields, ValueError } from "../kit/event-value.ts";
import { evidence } from "../kit/evidence.ts";
import { grantsOf } from "./parts/grants.ts";
import { counted, duration, fromMs, moment, tooFew } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  minGrants: z.int().min(1).default(2).describe("Fewer grants than this, and the test was too small"),
});

/** A key that was on a server when the locks were over. */
export interface LeftKey {
  readonly server: string;
  readonly key: string;
  readonly type: string;
  readonly ttlMs: number;
  readonly counter: boolean;
}

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
  const keys = look === undefined ? [] : keysIn(look);
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

/** @throws ValueError when the event is no such look. */
export function keysIn(look: HistoryEvent): LeftKey[] {
  const keys = fieldOf(look, "keys");
  if (!Array.isArray(keys)) throw new ValueError(look, `a list "keys"`);
  return (keys as readonly Json[]).map((each): LeftKey => {
    if (!isFields(each)) throw new ValueError(look, "keys that are objects");
    const { server, key, type, ttlMs, counter } = each;
    if (
      typeof server !== "string" ||
      typeof key !== "string" ||
      typeof type !== "string" ||
      typeof ttlMs !== "number" ||
      typeof counter !== "boolean"
    ) {
      throw new ValueError(look, "keys of the form {server, key, type, ttlMs, counter}");
    }
    return { server, key, type, ttlMs, counter };
  });
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
