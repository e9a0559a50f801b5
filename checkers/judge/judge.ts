/** From a plan and a history to the verdict: every claim by its checker, and the run as a whole. */
import type { History } from "../../history/history.ts";
import type { Claim, Plan } from "../../history/plan.ts";
import type { CheckResult } from "../checker.ts";
import type { Doubts } from "./doubts.ts";
import { doubtsAbout } from "./doubts.ts";
import { coverageOf, countedIn, shortfalls } from "../kit/coverage.ts";
import { describeGaps, describeShortfalls, nothingDone } from "./coverage-words.ts";
import { ValueError } from "../../history/vocabulary/read.ts";
import { checkerNamed, exerciseOf } from "../registry.ts";
import type { JudgedClaim, Verdict } from "./verdict.ts";
import { outcomeOf, sentenceFor } from "./outcome.ts";
import { withOwnStanding } from "./standing.ts";

/**
 * Judges every claim of a plan. A violation that the history proves stays `broken` whatever else went wrong: a failed
 * probe makes a fault doubtful, not what clients saw. Every other claim becomes `unknown` when the run cannot be
 * trusted, and `vacuous` when a planned fault never happened.
 * @param unfinished why the run did not come to its end, in a sentence, where that is known from elsewhere than its
 *   history
 * @throws TypeError when a claim names a checker that does not exist, or gives it options that make no sense.
 */
export function judge(plan: Plan, history: History, unfinished?: string): Verdict {
  const doubts = doubtsAbout(plan, history, unfinished);
  const claims = plan.claims.map((planned): JudgedClaim => {
    const judged = planned.workers === undefined ? history : history.ofWorkers(planned.workers);
    const { claim, checked } = check(planned, judged);
    const isAbout = (fault: string): boolean => !isForOthers(plan, fault, claim);
    const notFired = doubts.notFired.filter(({ fault }) => isAbout(fault));
    const { inapplicable = notFired.some(({ impossible }) => impossible), ...found } = checked;
    const result = doubted(covered(found, claim, judged, isAbout), { ...doubts, notFired });
    // Where something is expected, somebody was sure that the claim is about it: then that nothing was to be seen is
    // news.
    return inapplicable && claim.expect === undefined && result.verdict !== "broken"
      ? { claim, result, inapplicable }
      : { claim, result };
  });
  const outcome = outcomeOf(claims, doubts.untrusted.length > 0);
  const all = [...doubts.untrusted, ...doubts.notFired.map(({ sentence }) => sentence)];
  return {
    version: 1,
    campaign: plan.campaign,
    seed: plan.seed,
    outcome,
    sentence: sentenceFor(outcome, claims, all),
    claims,
    doubts: all,
  };
}

function check(planned: Claim, history: History): { readonly claim: Claim; readonly checked: CheckResult } {
  try {
    const claim = withOwnStanding(planned, history);
    return { claim, checked: checkerNamed(claim.checker)(history, claim.options) };
  } catch (error) {
    // Values of another shape say nothing about this claim; the other claims read other values.
    if (!(error instanceof ValueError)) throw error;
    const reason = `The history cannot be read: ${error.message}.`;
    return { claim: planned, checked: { verdict: "unknown", reason, findings: [], count: 0, figures: {} } };
  }
}

/** A claim holds only where something was done that could have broken it, under every fault. */
function covered(found: CheckResult, claim: Claim, history: History, isAbout: (fault: string) => boolean): CheckResult {
  const coverage = coverageOf(history, exerciseOf(claim), isAbout);
  const result = { ...found, coverage };
  if (found.verdict !== "holds") return result;
  if (countedIn(coverage.load) === 0) return { ...result, verdict: "vacuous", reason: nothingDone(coverage) };
  const missing = shortfalls(coverage, claim.needs);
  if (missing.length > 0) return { ...result, verdict: "vacuous", reason: describeShortfalls(missing, coverage) };
  const gaps = describeGaps(coverage);
  return gaps === "" ? result : { ...result, reason: `${found.reason} ${gaps}` };
}

/** Whether a fault names workers, and only such as the claim does not judge. */
function isForOthers(plan: Plan, id: string, { workers }: Claim): boolean {
  if (workers === undefined) return false;
  const words = JSON.stringify(plan.faults.find((fault) => fault.id === id) ?? {});
  const named = plan.workers.map(({ name }) => name).filter((name) => words.includes(`"${name}"`));
  return named.length > 0 && !named.some((name) => workers.includes(name));
}

function doubted(result: CheckResult, { untrusted, notFired }: Doubts): CheckResult {
  const verdict = untrusted.length > 0 ? "unknown" : "vacuous";
  const [first] = [...untrusted, ...notFired.map(({ sentence }) => sentence)];
  if (result.verdict === "broken" || first === undefined) return result;
  return { ...result, verdict, reason: `${first} (The history by itself: ${result.reason})` };
}
