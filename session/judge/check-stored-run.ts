/** A stored run that is judged again by its own plan. */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { UsageError } from "../../machine/usage-error.ts";
import { userPath } from "../../machine/user-folder.ts";
import type { RunOutcome } from "../../store/run-outcome.ts";
import { exitCodeOfRun, failureInWords, outcomeOfRun } from "../../store/run-outcome.ts";
import type { ExitCode } from "../exit-code.ts";
import { modelNames } from "./model-names.ts";
import type { JudgedRun } from "./judge-run.ts";
import { judgeAmongOthers } from "./judge-run.ts";
import { storedRunFolder } from "../stored-run-folder.ts";

export interface CheckedRun extends Pick<JudgedRun, "verdict" | "operations" | "report" | "warnings"> {
  readonly outcome: RunOutcome;
  /** The outcome in a sentence. */
  readonly sentence: string;
  /** The time for reading and judging. */
  readonly milliseconds: number;
  readonly exitCode: ExitCode;
}

/**
 * @param named the folder of a stored run, as the user named it
 * @param allowed modules of the user's own that may be loaded for it, in the words with which they were refused
 * @throws UsageError when there is no such folder, or it is a file that only a model could judge; what
 * `judgeAmongOthers` throws.
 */
export async function checkStoredRun(named: string, allowed: readonly string[] = []): Promise<CheckedRun> {
  if ((await isFile(named)) && basename(named) !== "history.jsonl") {
    throw new UsageError(
      `${JSON.stringify(named)} is a file, and nothing says what it should be: add --model, one of ${modelNames().join(", ")}`,
    );
  }
  const started = performance.now();
  const { verdict, failure, operations, report, warnings } = await judgeAmongOthers(
    await storedRunFolder(named),
    allowed,
  );
  const milliseconds = Math.round(performance.now() - started);
  const outcome = outcomeOfRun({ run: { failure }, verdict }) ?? verdict.outcome;
  return {
    verdict,
    outcome,
    sentence: failure === undefined ? verdict.sentence : failureInWords(failure),
    operations,
    milliseconds,
    report,
    warnings,
    exitCode: exitCodeOfRun(outcome),
  };
}

async function isFile(named: string): Promise<boolean> {
  try {
    return (await stat(userPath(named))).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
