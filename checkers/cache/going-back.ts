/**
 * Users that got a version and later an older one. Where the store itself may have gone back, because it lost a write
 * or a write was carried out late, that is no fault of the cache.
 */
import type { CheckResult } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { counted, moment } from "../kit/words.ts";
import type { Given } from "./claim.ts";
import { certaintyOf } from "./certainty.ts";
import type { KeyRecords, Read } from "./records.ts";
import { named } from "./words.ts";

interface Step {
  readonly key: string;
  readonly newer: Read;
  readonly older: Read;
}

export function goingBack({ history, keys, claim, tooSmall, figures }: Given): CheckResult {
  const steps = keys.flatMap((each) => stepsOf(each, claim.store === "may-lose"));
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: clearest(
      steps,
      (a, b) => a.older.from - b.older.from,
      ({ key, newer, older }) => ({
        kind: "went-back",
        sentence: `${older.who} got ${named(older)} of ${key} at ${moment(older.to)}, after it had got ${named(newer)} at ${moment(newer.to)}${alongside(faults, newer.from, older.to, [older.who])}.`,
        events: evidence([
          newer.operation.invoke,
          newer.operation.completion,
          older.operation.invoke,
          older.operation.completion,
        ]),
      }),
    ),
    count: steps.length,
    broken: `${counted(steps.length, "get")} gave an older version than the same user had got before.`,
    vacuous: tooSmall,
    holds: "No user got an older version of a key than it had got before.",
    figures: { ...figures, "went back": steps.length },
  });
}

function stepsOf(records: KeyRecords, mayLose: boolean): Step[] {
  const { key, writes, reads } = records;
  const certainty = certaintyOf(records, mayLose);
  return [...reads.values()].flatMap((each) => {
    const steps: Step[] = [];
    let newest: Read | undefined;
    for (const read of each) {
      const { version } = read;
      if (version === undefined) continue;
      if (newest?.version === undefined || version >= newest.version || read.from < newest.to) {
        if (version >= (newest?.version ?? 0)) newest = read;
        continue;
      }
      // A write that nobody knows to have failed may be carried out after a newer one.
      if (writes.get(version)?.outcome === "info") continue;
      if (mayLose && !certainty.newerThan(version, Math.min(newest.from, sinceOf(writes, newest.version)), read.to))
        newest = read;
      else steps.push({ key, newer: newest, older: read });
    }
    return steps;
  });
}

/**
 * From when the store has had a version, unless it lost it: what a user got may be a copy from then, and the next one
 * a copy of any moment since.
 */
function sinceOf(writes: KeyRecords["writes"], version: number): number {
  const write = writes.get(version);
  if (write === undefined) return -Infinity;
  return write.outcome === "ok" ? write.stored : write.began;
}
