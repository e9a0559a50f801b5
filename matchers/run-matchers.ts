/** Expectations of the claims of a run. */
import { didYouMean } from "../history/suggest.ts";
import type { ClaimVerdict } from "../history/plan.ts";
import type { ClaimResult, RunResult } from "../session/run.ts";
import type { MatcherOutcome } from "./outcome.ts";

export interface RunMatchers<R> {
  /** The claim of this id holds in the run: a verdict of `vacuous` or `unknown` fails as well as `broken`. */
  toHold(claim: string): R;
  /** The claim of this id is broken in the run: a verdict of `vacuous` or `unknown` fails as well as `holds`. */
  toBreak(claim: string): R;
}

type Judged = Pick<RunResult, "campaign" | "seed" | "reportFile" | "claims">;

/** More findings than this in one message, and nobody reads them. */
const FINDINGS_TOLD = 3;

export function toHold(received: unknown, id: string): MatcherOutcome {
  return verdictIs("holds", received, id);
}

export function toBreak(received: unknown, id: string): MatcherOutcome {
  return verdictIs("broken", received, id);
}

function verdictIs(wanted: ClaimVerdict, received: unknown, id: string): MatcherOutcome {
  const run = judged(received);
  const claim = run.claims.find((each) => each.id === id);
  if (claim === undefined) {
    const ids = run.claims.map((each) => each.id);
    throw new TypeError(
      `${run.campaign} has no claim ${JSON.stringify(id)}${didYouMean(id, ids)}; it has ${ids.join(", ")}`,
    );
  }
  const pass = claim.verdict === wanted;
  return { pass, message: () => describe(run, claim, pass ? `not to be ${wanted}` : `to be ${wanted}`) };
}

function judged(received: unknown): Judged {
  if (typeof received === "object" && received !== null && "claims" in received && Array.isArray(received.claims))
    return received as Judged;
  throw new TypeError("expect(…).toHold and .toBreak are for what `run` of redquake/run resolves with");
}

function describe({ campaign, seed, reportFile }: Judged, claim: ClaimResult, wanted: string): string {
  const { id, statement, verdict, reason, findings, violations } = claim;
  const told = findings.slice(0, FINDINGS_TOLD);
  const more = violations - told.length;
  return [
    `expected ${JSON.stringify(id)} of ${campaign} (seed ${seed}) ${wanted}, but its verdict is ${verdict}`,
    `  claim: ${statement}`,
    `  why: ${reason}`,
    ...told.map(({ kind, sentence }) => `  ${kind}: ${sentence}`),
    ...(more > 0 && told.length > 0 ? [`  … and ${more} more`] : []),
    `  report: ${reportFile}`,
  ].join("\n");
}
