/** How a campaign ended, by its claims, and how to say so. */
import type { Claim } from "../history/plan.ts";
import type { CampaignOutcome, JudgedClaim } from "./verdict.ts";

/**
 * A broken promise outranks everything; then a claim that was not decided; then one that should have been seen to break and was not.
 * A hope that broke is what such campaigns are for, or news to report: never a failure.
 */
export function outcomeOf(claims: readonly JudgedClaim[]): CampaignOutcome {
  if (claims.some(brokenPromise)) return "failed";
  if (claims.length === 0 || claims.some(undecided)) return "undecided";
  return claims.some(notDemonstrated) ? "not-demonstrated" : "passed";
}

/** The outcome in one plain sentence, with the claims that decided it. */
export function sentenceFor(outcome: CampaignOutcome, claims: readonly JudgedClaim[]): string {
  const total = claims.length;
  switch (outcome) {
    case "failed": {
      const broken = claims.filter(brokenPromise);
      return `${part(broken.length, total, "promise")} was broken that the documentation makes: ${reasons(broken)}`;
    }
    case "undecided": {
      if (total === 0) return "The campaign makes no claim, so nothing was put to the test.";
      const open = claims.filter(undecided);
      return `${part(open.length, total, "claim")} could not be decided, so this run is no pass: ${reasons(open)}`;
    }
    case "not-demonstrated": {
      const held = claims.filter(notDemonstrated);
      return `${part(held.length, total, "claim")} held, but the campaign exists to show how it breaks: ${reasons(held)}`;
    }
    case "passed":
      return passed(claims);
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

function part(count: number, total: number, noun: string): string {
  if (count === total)
    return total === 1 ? `The only ${noun === "promise" ? "claim, a promise," : noun}` : `Each of the ${total} claims`;
  return `${count} of ${total} claims`;
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

function undecided({ result }: JudgedClaim): boolean {
  return result.verdict === "vacuous" || result.verdict === "unknown";
}

function notDemonstrated({ claim, result }: JudgedClaim): boolean {
  return claim.expect === "broken" && result.verdict === "holds";
}
