/**
 * Fencing tokens that do not rise: of two grants of a key, one of which ended before the other was asked for, the later must have the greater
 * token, and no two grants may have the same (Kleppmann, “How to do distributed locking”, 2016).
 * Exact for a counter that may leave gaps: a sweep with the greatest token so far, O(n log n).
 *
 * Of two grants that were asked for side by side the history tells the order where one was answered only after its own time to live, while the other was in force: no server
 * that is exclusive can have granted it after the other. This is said only where nothing else can have ended the other one: no loss on a server, and no third client's release.
 * O(n) for each answer that came so late.
 */
import { z } from "zod";
import type { Checker, Finding } from "./checker.ts";
import { clearest, conclude } from "./conclude.ts";
import { evidence } from "./evidence.ts";
import { faultsOf } from "./faults.ts";
import type { Grant } from "./lock-grants.ts";
import { byKey, grantsOf } from "./lock-grants.ts";
import { firstLoss } from "./lock-loss.ts";
import { readOptions } from "./options.ts";
import { counted, moment, tooFew } from "./words.ts";

const OPTIONS = z.strictObject({
  /** Fewer grants with a token than this, and the test was too small. */
  minGrants: z.int().min(1).default(2),
});

interface Violation {
  readonly kind: "token-not-rising" | "token-inverted" | "duplicate-token" | "no-token";
  readonly grant: Grant;
  /** The grant that it contradicts; for `no-token`, one that has a token. */
  readonly other: Grant;
}

/** Counts the grants without a token, those whose token is less than an earlier one's, and those that repeat a token. */
export const lockTokenOrder: Checker = (history, options) => {
  const { minGrants } = readOptions("lock-token-order", OPTIONS, options);
  const grants = grantsOf(history);
  const fenced = grants.filter((grant) => grant.token !== undefined);
  const [witness] = fenced;
  const unfenced = witness === undefined ? [] : grants.filter((grant) => grant.token === undefined);
  const violations: Violation[] = [
    ...unfenced.flatMap((grant): Violation[] =>
      witness === undefined ? [] : [{ kind: "no-token", grant, other: witness }],
    ),
    ...[...byKey(fenced).values()].flatMap((each) => [...notRising(each), ...duplicates(each)]),
    ...[...byKey(grants).values()].flatMap((each) => inverted(each, firstLoss(history, faultsOf(history)))),
  ];
  return conclude({
    findings: clearest(violations, (a, b) => a.grant.ok.index - b.grant.ok.index, describe),
    count: violations.length,
    broken: `${counted(violations.length, "fencing token is", "fencing tokens are")} missing, repeated, or less than one that was given before.`,
    vacuous:
      fenced.length === 0
        ? "No grant came with a fencing token."
        : tooFew(fenced.length, minGrants, "grant came with a token", "grants came with a token"),
    holds: `Every token is new, and greater than those of the grants before it (${counted(fenced.length, "token")}).`,
    figures: { grants: grants.length, tokens: fenced.length },
  });
};

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

/** @param lossFrom when a server may first have lost a lock */
function inverted(grants: readonly Grant[], lossFrom: number): Violation[] {
  return grants
    .filter((late) => late.token !== undefined && late.ok.time > late.asked + (late.ttl ?? Infinity))
    .filter((late) => late.ok.time < lossFrom)
    .flatMap((late) => {
      const other = grants.find(
        (each) =>
          each.token !== undefined &&
          each.ok.time < late.ok.time &&
          inForceUntil(each) > late.ok.time &&
          token(each) < token(late) &&
          grants.every((third) => third === each || third === late || !mayFree(third, each.asked, late.ok.time)),
      );
      return other === undefined ? [] : [{ kind: "token-inverted", grant: late, other }];
    });
}

/** Until when no server can have freed the lock by itself, or on its holder's behalf. */
function inForceUntil({ asked, ttl, release }: Grant): number {
  return Math.min(asked + (ttl ?? 0), release?.invoke.time ?? Infinity);
}

/** Whether the grant's release can have reached a server in that time. */
function mayFree({ release }: Grant, from: number, to: number): boolean {
  return release !== undefined && release.invoke.time < to && (release.completion?.time ?? Infinity) > from;
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
    events: evidence([other.acquire.invoke, other.ok, grant.acquire.invoke, grant.ok]),
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
        `${grant.who} asked for ${grant.key} at ${moment(grant.asked)} and was answered at ${moment(grant.ok.time)}, when its time to live was over and ${other.who} ` +
        `had the lock, since ${moment(other.ok.time)}: so ${grant.who} had got it first, and yet its token ${grant.token} is greater than ${other.token}, and a resource that sees it ` +
        `refuses ${other.who}, the present holder`
      );
    case "token-not-rising":
      return (
        `${grant.who} asked for ${grant.key} at ${moment(grant.acquire.invoke.time)} and got the token ${grant.token}, although ${other.who} already had ` +
        `the greater token ${other.token} at ${moment(other.ok.time)}: a resource that has seen it refuses the new holder`
      );
  }
}
