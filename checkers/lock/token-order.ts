/**
 * Fencing tokens that do not rise: two grants of a key where one ended before the other was asked for, and the later
 * must have the greater token, and no two grants may have the same (Kleppmann, “How to do distributed locking”, 2016).
 * Exact for a counter that may leave gaps: a sweep with the greatest token so far, O(n log n).
 *
 * A token that is minted after the lock was granted can be greater than that of the next holder (`token-inverted`). Of
 * two grants whose calls overlap the order is forced where the servers are exclusive and were made to lose nothing: who
 * is told of its grant while another one's lock is certainly alive, after its own time to live, was granted the lock
 * before the other; unless a third client's release can have freed the other's lock in between. This takes O(n) more,
 * times the number of grants that are told of during one's time to live.
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import { faultsOf } from "../kit/faults.ts";
import type { Grant } from "./parts/grants.ts";
import { byKey, grantsOf } from "./parts/grants.ts";
import { firstLoss } from "./parts/loss.ts";
import { counted, moment, tooFew } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  minGrants: z.int().min(1).default(2).describe("Fewer grants with a token than this, and the test was too small"),
});

interface Violation {
  readonly kind: "token-not-rising" | "token-inverted" | "duplicate-token" | "no-token";
  readonly grant: Grant;
  /** The grant that it contradicts; for `no-token`, one that has a token. */
  readonly other: Grant;
}

/**
 * Counts the grants without a token, those whose token is less than an earlier one's, and those that repeat a token.
 */
export const lockTokenOrder = checkerOf({
  name: "lock-token-order",
  options: OPTIONS,
  exercise: always("succeeded", ["acquire"]),
  lock: () => ({ level: "tokens" }),
  check,
});

function check(history: History, { minGrants }: z.output<typeof OPTIONS>): CheckResult {
  const grants = grantsOf(history);
  const fenced = grants.filter((grant) => grant.token !== undefined);
  const lostFrom = firstLoss(history, faultsOf(history));
  const [witness] = fenced;
  const unfenced = witness === undefined ? [] : grants.filter((grant) => grant.token === undefined);
  const violations: Violation[] = [
    ...unfenced.flatMap((grant): Violation[] =>
      witness === undefined ? [] : [{ kind: "no-token", grant, other: witness }],
    ),
    ...[...byKey(fenced).values()].flatMap((each) => [
      ...notRising(each),
      ...duplicates(each),
      ...inverted(each, lostFrom),
    ]),
  ];
  return conclude({
    history,
    findings: clearest(violations, (a, b) => a.grant.ok.index - b.grant.ok.index, describe),
    count: violations.length,
    broken: `${counted(violations.length, "fencing token is", "fencing tokens are")} missing, repeated, or less than one that was given before.`,
    vacuous:
      fenced.length === 0
        ? "No grant came with a fencing token."
        : tooFew(fenced.length, minGrants, "grant came with a token", "grants came with a token"),
    inapplicable: grants.length > 0 && fenced.length === 0,
    holds: `Every token is new, and greater than those of the grants before it (${counted(fenced.length, "token")}).`,
    figures: { grants: grants.length, tokens: fenced.length },
  });
}

/** `grants` are in the order of their `ok`; the sweep takes them in the order in which they were asked for. */
function notRising(grants: readonly Grant[]): Violation[] {
  const violations: Violation[] = [];
  let over = 0;
  let greatest: Grant | undefined;
  for (const grant of grants.toSorted((a, b) => a.acquire.invoke.index - b.acquire.invoke.index)) {
    for (; ; over += 1) {
      const earlier = grants[over];
      if (earlier === undefined || earlier.ok.time >= grant.acquire.invoke.time) break;
      if (greatest === undefined || token(earlier) > token(greatest)) greatest = earlier;
    }
    if (greatest !== undefined && token(greatest) > token(grant))
      violations.push({ kind: "token-not-rising", grant, other: greatest });
  }
  return violations;
}

/** `grants` are in the order of their `ok`. */
function inverted(grants: readonly Grant[], lostFrom: number): Violation[] {
  return grants.flatMap((grant, i): Violation[] => {
    const aliveUntil = Math.min(grant.release?.invoke.time ?? Infinity, grant.asked + (grant.ttl ?? 0), lostFrom);
    for (let j = i + 1; j < grants.length; j += 1) {
      const other = grants[j];
      if (other === undefined || other.ok.time >= aliveUntil) break;
      const wasOver = other.ttl !== undefined && other.asked + other.ttl <= grant.ok.time;
      if (wasOver && token(other) > token(grant) && !mayHaveBeenFreed(grant, other, grants))
        return [{ kind: "token-inverted", grant, other }];
    }
    return [];
  });
}

/** Whether a third client's release can have freed the lock of `grant` before `other` was told of its own. */
function mayHaveBeenFreed(grant: Grant, other: Grant, grants: readonly Grant[]): boolean {
  return grants.some(
    ({ release }, i) =>
      release !== undefined &&
      grants[i] !== grant &&
      grants[i] !== other &&
      release.invoke.time <= other.ok.time &&
      (release.completion?.type === "ok" ? release.completion.time : Infinity) >= grant.asked,
  );
}

function duplicates(grants: readonly Grant[]): Violation[] {
  const violations: Violation[] = [];
  const firsts = new Map<string, Grant>();
  for (const grant of grants) {
    const earlier = firsts.get(String(token(grant)));
    if (earlier === undefined) firsts.set(String(token(grant)), grant);
    else violations.push({ kind: "duplicate-token", grant, other: earlier });
  }
  return violations;
}

function token(grant: Grant): number | bigint {
  return grant.token ?? -1;
}

function describe({ kind, grant, other }: Violation): Finding {
  return {
    kind,
    sentence: `${tell(kind, grant, other)}.`,
    events: evidence([
      other.acquire.invoke,
      other.ok,
      grant.acquire.invoke,
      grant.ok,
      ...(kind === "token-inverted" ? [grant.release?.invoke] : []),
    ]),
  };
}

function tell(kind: Violation["kind"], grant: Grant, other: Grant): string {
  switch (kind) {
    case "no-token":
      return `${grant.who} got ${grant.key} at ${moment(grant.ok.time)} without a fencing token; ${other.who} got one at ${moment(other.ok.time)}`;
    case "duplicate-token":
      return `${other.who} (at ${moment(other.ok.time)}) and ${grant.who} (at ${moment(grant.ok.time)}) both got ${grant.key} with the token ${grant.token}`;
    case "token-inverted":
      return (
        `${other.who} was granted ${grant.key} and lost it by its time to live before ${grant.who} got it at ${moment(grant.ok.time)} with the token ${grant.token}, but when it was told so at ` +
        `${moment(other.ok.time)} it was given the greater token ${other.token}: a resource that has seen it refuses the new holder`
      );
    case "token-not-rising":
      return (
        `${grant.who} asked for ${grant.key} at ${moment(grant.acquire.invoke.time)} and got the token ${grant.token}, although ${other.who} already had ` +
        `the greater token ${other.token} at ${moment(other.ok.time)}: a resource that has seen it refuses the new holder`
      );
  }
}
