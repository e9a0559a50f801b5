/** Texts and versions that a user got although nobody had begun to write them. */
import type { CheckResult } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { evidence } from "../kit/evidence.ts";
import { counted, moment } from "../kit/words.ts";
import type { Given } from "./claim.ts";
import type { KeyRecords, Read } from "./records.ts";
import { named } from "./words.ts";

interface Phantom {
  readonly key: string;
  readonly read: Read;
  readonly why: string;
}

export function phantoms({ history, keys, tooSmall, figures }: Given): CheckResult {
  const found = keys.flatMap(phantomsOf);
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: clearest(
      found,
      (a, b) => a.read.from - b.read.from,
      ({ key, read, why }) => ({
        kind: "phantom",
        sentence: `${read.who} got ${named(read)} of ${key} at ${moment(read.to)}, ${why}${alongside(faults, read.from, read.to, [read.who])}.`,
        events: evidence([read.operation.invoke, read.operation.completion]),
      }),
    ),
    count: found.length,
    broken: `${counted(found.length, "get")} gave what nobody had written.`,
    vacuous: tooSmall,
    holds: "Every get gave what somebody had written under its key.",
    figures: { ...figures, phantoms: found.length },
  });
}

function phantomsOf({ key, writes, reads }: KeyRecords): Phantom[] {
  return [...reads.values()].flat().flatMap((read) => {
    if (read.text !== undefined) return [{ key, read, why: "which is no text that anybody writes there" }];
    if (read.version === undefined || read.version === 0) return [];
    const write = writes.get(read.version);
    if (write === undefined || write.began > read.to)
      return [{ key, read, why: "which nobody had begun to write by then" }];
    return write.outcome === "fail" ? [{ key, read, why: "which the store had refused to write" }] : [];
  });
}
