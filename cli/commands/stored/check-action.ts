/**
 * `redquake check`: judges stored runs by their plans, and history files of any tool by a named model. No Redis is
 * needed.
 */
import type { Json } from "../../../history/operation.ts";
import { claimLines } from "../../terminal/claim-lines.ts";
import { checkFile, verdictAsJson } from "../../../session/judge/check-file.ts";
import type { FileVerdict, Question } from "../../../session/judge/check-file.ts";
import { modelNames, requireModel } from "../../../session/judge/model-names.ts";
import { colorsFor } from "../../terminal/colors.ts";
import { EXIT, worstExitCode } from "../../../session/exit-code.ts";
import type { ExitCode } from "../../../session/exit-code.ts";
import { listenForInterrupt } from "../../terminal/interrupt.ts";
import { showProgress } from "../../terminal/progress-line.ts";
import { printVerdict } from "../../terminal/print-verdict.ts";
import { print, printJson } from "../../terminal/print.ts";
import { refusedRun } from "./refused-run.ts";
import { say } from "../../terminal/say.ts";
import { oneLine, onOneLine } from "../../terminal/terminal-text.ts";
import { UsageError } from "../../../machine/usage-error.ts";
import { shownPath } from "../../../machine/user-folder.ts";

export interface CheckFlags {
  readonly model?: string;
  /** Options of the model, by their own names; the flags below are others of them. */
  readonly options?: { readonly [key: string]: Json };
  readonly init?: { readonly value: Json };
  readonly byKey?: true;
  readonly consistencyModel?: string;
  /** Milliseconds. */
  readonly timeLimit?: number;
  readonly json?: true;
  /** Modules of stored runs that may be loaded, each in the words with which it was refused. */
  readonly allowCode?: readonly string[];
}

/**
 * Resolves with the exit code, the worst of all files and runs. What is wrong with one of several is said, and the
 * others are judged all the same.
 * @throws UsageError when the model or its options are wrong.
 */
export async function checkAction(targets: readonly string[], flags: CheckFlags): Promise<number> {
  const { model } = flags;
  if (model === undefined) return checkRuns(targets, flags);
  requireModel(model);
  const codes: ExitCode[] = [];
  using interrupt = listenForInterrupt("ending the check");
  const { signal } = interrupt;
  const question: Question = { model, options: optionsOf(flags), signal, progress: showProgress };
  for (const target of targets) {
    if (signal.aborted && codes.length > 0) {
      say(`${target}: not judged, because of the interruption`);
      codes.push(EXIT.undecided);
    } else {
      codes.push(await judgeFile(target, question, flags));
    }
  }
  return worstExitCode(codes);
}

function optionsOf({ options = {}, init, byKey, consistencyModel, timeLimit }: CheckFlags): Question["options"] {
  return {
    ...options,
    ...(init === undefined ? undefined : { init: init.value }),
    ...(byKey === undefined ? undefined : { byKey }),
    ...(consistencyModel === undefined ? undefined : { consistencyModel }),
    ...(timeLimit === undefined ? undefined : { timeMs: timeLimit }),
  };
}

async function judgeFile(file: string, question: Question, flags: CheckFlags): Promise<ExitCode> {
  let verdict: FileVerdict;
  try {
    verdict = await checkFile(file, question);
  } catch (error) {
    if (error instanceof TypeError)
      throw new UsageError(
        `--options ${JSON.stringify(question.options)} does not suit --model ${question.model}: ${error.message}`,
      );
    if (!(error instanceof UsageError)) throw error;
    say(`redquake: ${oneLine(error.message)}`);
    return EXIT.badArguments;
  }
  for (const warning of verdict.warnings) say(oneLine(warning));
  if (flags.json === true) printJson(verdictAsJson(verdict));
  else printVerdict(verdict);
  return verdict.valid === "unknown" ? EXIT.undecided : verdict.valid ? EXIT.wellDone : EXIT.promiseBroken;
}

async function checkRuns(targets: readonly string[], flags: CheckFlags): Promise<number> {
  const needless = Object.entries({
    "--options": flags.options,
    "--init": flags.init,
    "--by-key": flags.byKey,
    "--consistency-model": flags.consistencyModel,
    "--time-limit": flags.timeLimit,
  }).find(([, value]) => value !== undefined);
  if (needless !== undefined)
    throw new UsageError(
      `${needless[0]} belongs to a model, and there is none: add --model, one of ${modelNames().join(", ")}`,
    );
  const codes: ExitCode[] = [];
  for (const target of targets) codes.push(await checkRun(target, flags).catch(refusedRun));
  return worstExitCode(codes);
}

async function checkRun(target: string, { allowCode, json }: CheckFlags): Promise<ExitCode> {
  // Reports are of no use to those who have a file.
  const { checkStoredRun } = await import("../../../session/judge/check-stored-run.ts");
  const { exitCode, warnings, ...checked } = await checkStoredRun(target, allowCode);
  for (const warning of warnings) say(oneLine(`${target}: ${warning}`));
  if (json === true) {
    const { verdict, ...run } = checked;
    printJson({ run: target, ...verdict, ...run });
    return exitCode;
  }
  const colors = colorsFor(process.stdout);
  const { doubts, claims } = onOneLine(checked.verdict);
  print(`${oneLine(target)}: ${checked.outcome}: ${oneLine(checked.sentence)}`);
  for (const doubt of doubts) print(`  doubt: ${doubt}`);
  for (const line of claims.flatMap((judged) => claimLines(judged, colors))) print(line);
  print(`  ${shownPath(checked.report)}`);
  return exitCode;
}
