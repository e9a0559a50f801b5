/** How a campaign ended, by its claims, and how to say so. */
import type { Claim } from "../../history/plan.ts";
import type { CampaignOutcome, JudgedClaim } from "./verdict.ts";

/**
 * A broken promise outranks everything; then a claim that was not decided; then one that should have been seen to break
 * and was not. A hope that broke is what such campaigns are for, or news to report: never a failure. What is not about
 * the thing that was tested does not count.
 * @param untrusted whether the run as a whole proves nothing but what is broken
 */
export function outcomeOf(claims: readonly JudgedClaim[], untrusted: boolean): CampaignOutcome {
  if (claims.some(brokenPromise)) return "failed";
  if (claims.length === 0 || claims.some(undecided)) return "undecided";
  if (claims.every(({ inapplicable }) => inapplicable === true)) return untrusted ? "undecided" : "not-applicable";
  return claims.some(notDemonstrated) ? "not-demonstrated" : "passed";
}

/**
 * The outcome in one plain sentence, with the claims that decided it.
 * @param doubts why the run as a whole proves nothing; then the single claims have no other reason to tell.
 */
export function sentenceFor(
  outcome: CampaignOutcome,
  claims: readonly JudgedClaim[],
  doubts: readonly string[],
): string {
  switch (outcome) {
    case "failed": {
      const broken = claims.filter(brokenPromise);
      const opening =
        broken.length === 1 ? "A documented promise was broken" : `${broken.length} documented promises were broken`;
      return `${opening}: ${reasons(broken)}`;
    }
    case "undecided": {
      if (claims.length === 0) return "The campaign makes no claim, so nothing was put to the test.";
      const open = claims.filter(undecided);
      const why = doubts.length > 0 ? doubts.join(" ") : reasons(open);
      return `${howMany(open.length, claims.length)}, so this run is no pass: ${why}`;
    }
    case "not-demonstrated": {
      const held = claims.filter(notDemonstrated);
      const which =
        held.length === 1
          ? "a claim break, but in this run it held"
          : `claims break, but in this run ${held.length} of them held`;
      return `The campaign exists to show ${which}: ${reasons(held)}`;
    }
    case "not-applicable":
      return `The campaign is not about what was tested: ${reasons(claims)}`;
    case "passed":
      return passed(claims.filter(({ inapplicable }) => inapplicable !== true));
  }
}

function passed(claims: readonly JudgedClaim[]): string {
  const surprises = claims.filter(({ claim, result }) => claim.expect === "holds" && result.verdict === "broken");
  const expected = claims.every(({ claim }) => claim.expect !== undefined) && surprises.length === 0;
  const all = claims.length === 1 ? "The claim" : claims.length === 2 ? "Both claims" : `All ${claims.length} claims`;
  const opening = expected ? `${all} came out as the campaign expects` : "No promise was broken";
  return `${opening}: ${claims.map(inBrief).join("; ")}.`;
}

function inBrief({ claim, result }: JudgedClaim): string {
  const statement = quoted(claim);
  if (result.verdict === "holds") return `${statement} held`;
  return `${statement} did not hold, which ${claim.expect === "broken" ? "is what the campaign sets out to show" : "is often hoped but nowhere promised"}`;
}

function howMany(count: number, total: number): string {
  if (total === 1) return "The claim could not be decided";
  return count === total
    ? `None of the ${total} claims could be decided`
    : `${count} of ${total} claims could not be decided`;
}

function reasons(claims: readonly JudgedClaim[]): string {
  return claims.map(({ claim, result }) => `${quoted(claim)}: ${result.reason}`).join(" ");
}

function quoted({ statement }: Claim): string {
  return `“${statement.replace(/\.$/, "")}”`;
}

function brokenPromise({ claim, result }: JudgedClaim): boolean {
  return claim.standing === "promised" && result.verdict === "broken";
}

function undecided({ result, inapplicable }: JudgedClaim): boolean {
  return inapplicable !== true && (result.verdict === "vacuous" || result.verdict === "unknown");
}

function notDemonstrated({ claim, result }: JudgedClaim): boolean {
  return claim.expect === "broken" && result.verdict === "holds";
}
