/**
 * Fencing tokens that do not rise: of two grants of a key, one of which ended before the other was asked for, the later must have the greater
 * token, and no two grants may have the same (Kleppmann, “How to do distributed locking”, 2016).
 * Exact for a counter that may leave gaps: a sweep with the greatest token so far, O(n log n).
 */
import { z } from "zod";
import type { Checker, Finding } from "./checker.ts";
import { clearest, conclude } from "./conclude.ts";
import { evidence } from "./evidence.ts";
import type { Grant } from "./lock-grants.ts";
import { byKey, grantsOf } from "./lock-grants.ts";
import { readOptions } from "./options.ts";
import { counted, moment, tooFew } from "./words.ts";

const OPTIONS = z.strictObject({
  /** Fewer grants with a token than this, and the test was too small. */
  minGrants: z.int().min(1).default(2),
});

type Violation =
  | { readonly kind: "token-not-rising" | "duplicate-token"; readonly earlier: Grant; readonly grant: Grant }
  | { readonly kind: "no-token"; readonly grant: Grant };

/** Counts the grants without a token, those whose token is less than an earlier one's, and those that repeat a token. */
export const lockTokenOrder: Checker = (history, options) => {
  const { minGrants } = readOptions("lock-token-order", OPTIONS, options);
  const grants = grantsOf(history);
  const fenced = grants.filter((grant) => grant.token !== undefined);
  const violations: Violation[] =
    fenced.length === 0
      ? []
      : grants.filter((grant) => grant.token === undefined).map((grant) => ({ kind: "no-token", grant }));
  for (const each of byKey(fenced).values()) violations.push(...notRising(each), ...duplicates(each));
  return conclude({
    findings: clearest(violations, (a, b) => a.grant.ok.index - b.grant.ok.index, describe),
    count: violations.length,
    broken: `${counted(violations.length, "fencing token is", "fencing tokens are")} missing, repeated, or less than one that was given before.`,
    vacuous:
      fenced.length === 0
        ? "No grant came with a fencing token."
        : tooFew(fenced.length, minGrants, "grant came with a token", "grants came with a token"),
    holds: `All ${counted(fenced.length, "token")} are different and rise in the order of the grants.`,
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
      violations.push({ kind: "token-not-rising", earlier: greatest, grant });
  }
  return violations;
}

function duplicates(grants: readonly Grant[]): Violation[] {
  const violations: Violation[] = [];
  const firsts = new Map<string, Grant>();
  for (const grant of grants) {
    const earlier = firsts.get(String(token(grant)));
    if (earlier === undefined) firsts.set(String(token(grant)), grant);
    else violations.push({ kind: "duplicate-token", earlier, grant });
  }
  return violations;
}

function token(grant: Grant): number | bigint {
  return grant.token ?? -1;
}

function describe(violation: Violation): Finding {
  const { kind, grant } = violation;
  const events = evidence([grant.acquire.invoke, grant.ok]);
  if (kind === "no-token") {
    return {
      kind,
      sentence: `${grant.who} got ${grant.key} at ${moment(grant.ok.time)} without a fencing token; other grants had one.`,
      events,
    };
  }
  const { earlier } = violation;
  const both = evidence([earlier.acquire.invoke, earlier.ok, grant.acquire.invoke, grant.ok]);
  if (kind === "duplicate-token") {
    return {
      kind,
      sentence: `${earlier.who} (at ${moment(earlier.ok.time)}) and ${grant.who} (at ${moment(grant.ok.time)}) both got ${grant.key} with the token ${grant.token}.`,
      events: both,
    };
  }
  return {
    kind,
    sentence:
      `${grant.who} asked for ${grant.key} at ${moment(grant.acquire.invoke.time)} and got the token ${grant.token}, ` +
      `although ${earlier.who} already had the greater token ${earlier.token} at ${moment(earlier.ok.time)}: a resource that has seen it refuses the new holder.`,
    events: both,
  };
}
