/** How one run of a campaign ended, as the command line tells it. */
import type { LockRun } from "../../report/locks/lock-matrix.ts";
import type { JudgedRun } from "../judge/judge-run.ts";
import { exitCodeOfRun } from "../../store/run-outcome.ts";
import type { ExitCode } from "../exit-code.ts";
import { EXIT } from "../exit-code.ts";

export type CampaignEnd = {
  readonly campaign: string;
  readonly seed: number;
  /** What was tested instead of the campaign's own lock, library or client. */
  readonly adapter?: string | undefined;
  readonly seconds: number;
} & (
  | { readonly kind: "judged"; readonly judged: JudgedRun }
  /** It cannot run here; nothing was tried. */
  | { readonly kind: "skipped"; readonly reason: string }
  /**
   * The harness itself failed: nothing can be said about Redis. What was recorded until then is in the folder, where
   * there is one.
   */
  | { readonly kind: "harness-failed"; readonly reason: string; readonly folder?: string | undefined }
);

export function exitCodeOf(end: CampaignEnd): ExitCode {
  switch (end.kind) {
    case "judged":
      return exitCodeOfRun(end.judged.verdict.outcome);
    case "skipped":
      return EXIT.undecided;
    case "harness-failed":
      return exitCodeOfRun("harness-failed");
  }
}

/** The campaign, and the adapter that it was made with. */
export function titleOf({ campaign, adapter }: Pick<CampaignEnd, "campaign" | "adapter">): string {
  return adapter === undefined ? campaign : `${campaign} with ${adapter}`;
}

/** The outcome in one word. */
export function outcomeWord(end: CampaignEnd): string {
  return end.kind === "judged" ? end.judged.verdict.outcome : end.kind;
}

/** The outcome in one sentence. */
export function outcomeSentence(end: CampaignEnd): string {
  switch (end.kind) {
    case "judged":
      return end.judged.verdict.sentence;
    case "skipped":
    case "harness-failed":
      return end.reason;
  }
}

/** Those of campaigns that put adapters to the test, for the table of adapters and campaigns. */
export function testedRunsOf(ends: readonly CampaignEnd[]): readonly LockRun[] {
  return ends.flatMap((end) => {
    const judged = end.kind === "judged" ? end.judged : undefined;
    const lock = judged?.adapter ?? end.adapter;
    return lock === undefined ? [] : [{ lock, campaign: end.campaign, verdict: judged?.verdict }];
  });
}

/** The end as data, for `--json`: one object per run. */
export function endAsJson(end: CampaignEnd): object {
  const judged = end.kind === "judged" ? end.judged : undefined;
  return {
    campaign: end.campaign,
    ...(end.adapter === undefined ? {} : { adapter: end.adapter, lock: end.adapter }),
    seed: end.seed,
    outcome: outcomeWord(end),
    exitCode: exitCodeOf(end),
    sentence: outcomeSentence(end),
    seconds: Number(end.seconds.toFixed(3)),
    folder: judged?.folder ?? (end.kind === "harness-failed" ? (end.folder ?? null) : null),
    report: judged?.report ?? null,
    claims: (judged?.verdict.claims ?? []).map(({ claim, result, inapplicable = false }) => ({
      id: claim.id,
      statement: claim.statement,
      standing: claim.standing,
      expect: claim.expect ?? null,
      verdict: result.verdict,
      applicable: !inapplicable,
      reason: result.reason,
      violations: result.count,
      ...(result.coverage === undefined ? {} : { coverage: result.coverage }),
    })),
    doubts: judged?.verdict.doubts ?? [],
  };
}
