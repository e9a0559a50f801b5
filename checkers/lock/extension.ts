/**
 * Extensions that are confirmed to a client that has lost the lock: another one was granted the same lock after it, and
 * before the extension was sent. Whether the servers prolonged anything is not asked: the client was told that it still
 * holds. Exact; O(n log n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { Operation } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import type { Grant } from "./parts/grants.ts";
import { byKey, grantsOf } from "./parts/grants.ts";
import { counted, moment, tooFew } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  minExtensions: z
    .int()
    .min(1)
    .default(1)
    .describe("Fewer extensions than this that were answered, and the test was too small"),
});

interface Violation {
  readonly grant: Grant;
  readonly extension: Operation;
  /** The first that was granted after it. */
  readonly next: Grant;
}

/** Counts the confirmed extensions of locks that others had got since. */
export const lockExtension = checkerOf({
  name: "lock-extension",
  options: OPTIONS,
  exercise: always("answered", ["extend"]),
  lock: () => ({ level: "extension" }),
  check,
});

function check(history: History, { minExtensions }: z.output<typeof OPTIONS>): CheckResult {
  const faults = faultsOf(history);
  const grants = grantsOf(history);
  const answered = grants.flatMap(({ extensions }) => extensions.filter(({ completion }) => completion !== undefined));
  const violations = [...byKey(grants).values()].flatMap(confirmedAfterLoss);
  return conclude({
    history,
    findings: clearest(
      violations,
      (a, b) => a.extension.invoke.index - b.extension.invoke.index,
      (violation) => describe(violation, faults),
    ),
    count: violations.length,
    broken: `${counted(violations.length, "extension was", "extensions were")} confirmed although another client had been granted the lock since.`,
    vacuous: tooFew(answered.length, minExtensions, "extension was answered", "extensions were answered"),
    holds: `No extension was confirmed of a lock that another client had been granted since (${counted(answered.length, "extension")}).`,
    figures: { grants: grants.length, extensions: answered.length, "confirmed after a loss": violations.length },
  });
}

/** `grants` are those of one key, in the order of their `ok`. */
function confirmedAfterLoss(grants: readonly Grant[]): Violation[] {
  return grants.flatMap((grant, i) => {
    const next = grants.slice(i + 1).find((other) => other.who !== grant.who);
    if (next === undefined) return [];
    return grant.extensions
      .filter(({ invoke, completion }) => completion?.type === "ok" && next.ok.time < invoke.time)
      .map((extension) => ({ grant, extension, next }));
  });
}

function describe({ grant, extension, next }: Violation, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const { invoke, completion } = extension;
  const told = completion ?? invoke;
  return {
    kind: "extended-lost",
    sentence:
      `${grant.who} got ${grant.key} at ${moment(grant.ok.time)} and ${next.who} at ${moment(next.ok.time)}; at ${moment(invoke.time)} ${grant.who} asked to extend its lock, ` +
      `and at ${moment(told.time)} it was told that this was done${alongside(faults, grant.ok.time, told.time, [grant.who])}.`,
    events: evidence([grant.acquire.invoke, grant.ok, next.acquire.invoke, next.ok, invoke, completion]),
  };
}
