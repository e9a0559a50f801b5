/**
 * Fencing tokens of leaders that do not rise: no two terms may have the same, and who is told of its election after
 * another one's term had ended (it was told of its demotion, or had resigned) must have the greater token, or else the
 * resource refuses its work. Terms that overlap are not compared, as nobody knows their order. A sweep: O(n log n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import { always } from "../kit/exercise.ts";
import { counted, moment, tooFew } from "../kit/words.ts";
import type { Term } from "./parts/candidates.ts";
import { candidatesOf, electionSaid, termsOf } from "./parts/candidates.ts";

const OPTIONS = z.strictObject({
  minTerms: z.int().min(1).default(2).describe("Fewer elections with a token than this, and the test was too small"),
});

interface Violation {
  readonly kind: "token-not-rising" | "duplicate-token";
  readonly term: Term;
  readonly other: Term;
}

/** Counts the elections whose token is not new, or less than one of a term that had ended before. */
export const leaderTokenOrder = checkerOf({
  name: "leader-token-order",
  options: OPTIONS,
  exercise: always("succeeded", ["elected"]),
  check,
});

function check(history: History, { minTerms }: z.output<typeof OPTIONS>): CheckResult {
  const terms = termsOf(candidatesOf(history));
  const fenced = terms.filter(({ token }) => token !== undefined);
  const violations = [...Map.groupBy(fenced, ({ candidate }) => candidate.key).values()].flatMap((each) => [
    ...duplicates(each),
    ...notRising(each),
  ]);
  return conclude({
    history,
    findings: clearest(violations, (a, b) => a.term.from - b.term.from, describe),
    count: violations.length,
    broken: `${counted(violations.length, "fencing token")} of ${counted(fenced.length, "election")} ${violations.length === 1 ? "is" : "are"} repeated, or less than one of a term that had ended before.`,
    vacuous:
      fenced.length === 0
        ? "No election came with a fencing token."
        : tooFew(fenced.length, minTerms, "election came with a token", "elections came with a token"),
    inapplicable: terms.length > 0 && fenced.length === 0,
    holds: `Every token is new, and greater than those of the terms that had ended before (${counted(fenced.length, "token")}).`,
    figures: { elections: terms.length, tokens: fenced.length },
  });
}

function duplicates(terms: readonly Term[]): Violation[] {
  const firsts = new Map<string, Term>();
  return terms.flatMap((term): Violation[] => {
    const other = firsts.get(String(term.token));
    if (other !== undefined) return [{ kind: "duplicate-token", term, other }];
    firsts.set(String(term.token), term);
    return [];
  });
}

/** `terms` are in the order in which they were told; those that ended are taken in as they end. */
function notRising(terms: readonly Term[]): Violation[] {
  const ended = terms.filter(({ end }) => end !== undefined && end.f !== "elected").sort((a, b) => endOf(a) - endOf(b));
  let [over, greatest]: [number, Term | undefined] = [0, undefined];
  return terms.flatMap((term): Violation[] => {
    for (; over < ended.length; over += 1) {
      const earlier = ended[over];
      if (earlier === undefined || endOf(earlier) >= term.elected.invoke.time) break;
      if (greatest === undefined || tokenOf(earlier) > tokenOf(greatest)) greatest = earlier;
    }
    return greatest !== undefined && tokenOf(greatest) > tokenOf(term)
      ? [{ kind: "token-not-rising", term, other: greatest }]
      : [];
  });
}

function endOf({ end }: Term): number {
  return end?.invoke.time ?? Infinity;
}

function tokenOf({ token }: Term): number | bigint {
  return token ?? -1;
}

function describe({ kind, term, other }: Violation): Finding {
  const story =
    kind === "duplicate-token"
      ? `${electionSaid(other, moment)}, and ${electionSaid(term, moment)}: both with the same token`
      : `${electionSaid(term, moment)}, although ${electionSaid(other, moment)}, and its term had ended at ${moment(endOf(other))}: a resource that has seen the greater token refuses the new leader`;
  return {
    kind,
    sentence: `${story}.`,
    events: evidence([other.elected, other.end, term.elected].flatMap((each) => [each?.invoke, each?.completion])),
  };
}
