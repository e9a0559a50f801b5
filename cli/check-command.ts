/** `redquake check`: judges stored runs by their plans, and history files of any tool by a named model. No Redis is needed. */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { CheckResult, Checker } from "../checkers/checker.ts";
import { ValueError } from "../checkers/event-value.ts";
import { CHECKERS } from "../checkers/registry.ts";
import { EXIT_CODES } from "../checkers/verdict.ts";
import type { History } from "../history/history.ts";
import { HistoryError } from "../history/history-error.ts";
import type { HistoryEvent, Json } from "../history/operation.ts";
import { readHistory } from "../history/read.ts";
import { claimWords } from "../report/claim-words.ts";
import { colorsFor, paint } from "./colors.ts";
import { EXIT, worstExitCode } from "./exit-code.ts";
import type { ExitCode } from "./exit-code.ts";
import { judgeRun } from "./judge-run.ts";
import { say } from "./say.ts";
import { storedRunFolder } from "./stored-run-folder.ts";
import { didYouMean } from "../history/suggest.ts";
import { UsageError } from "./usage-error.ts";
import { shownPath, userPath } from "./user-folder.ts";

export interface CheckFlags {
  readonly model?: string;
  /** Options of the model. */
  readonly options?: { readonly [key: string]: Json };
  readonly json?: true;
}

/**
 * Resolves with the exit code, the worst of all files.
 * @throws UsageError when a file does not exist or is no history, or when the model or its options are wrong.
 */
export async function checkCommand(targets: readonly string[], flags: CheckFlags): Promise<number> {
  const checker = flags.model === undefined ? undefined : modelNamed(flags.model);
  const codes: ExitCode[] = [];
  for (const target of targets) {
    codes.push(checker === undefined ? await checkRun(target, flags) : await checkFile(target, checker, flags));
  }
  return worstExitCode(codes);
}

function modelNamed(name: string): Checker {
  const checker = CHECKERS.get(name);
  if (checker !== undefined) return checker;
  const names = [...CHECKERS.keys()];
  throw new UsageError(
    `there is no model ${JSON.stringify(name)}${didYouMean(name, names)}; --model is one of ${names.join(", ")}`,
  );
}

async function checkFile(file: string, checker: Checker, flags: CheckFlags): Promise<ExitCode> {
  const { history, warnings } = await readHistoryFile(file);
  for (const warning of warnings) say(warning);
  const started = performance.now();
  const result = apply(checker, history, file, flags);
  const milliseconds = Math.round(performance.now() - started);
  const operations = history.operations.length;
  if (flags.json === true)
    console.log(JSON.stringify(asJson(file, flags, result, { operations, milliseconds, events: history.events })));
  else print(file, result, { operations, milliseconds, events: history.events });
  switch (result.verdict) {
    case "holds":
      return EXIT.wellDone;
    case "broken":
      return EXIT.promiseBroken;
    case "vacuous":
    case "unknown":
      return EXIT.undecided;
  }
}

/** A checker throws a TypeError for options that make no sense, and a ValueError for a history of something else. */
function apply(checker: Checker, history: History, file: string, flags: CheckFlags): CheckResult {
  try {
    return checker(history, flags.options ?? {});
  } catch (error) {
    if (error instanceof ValueError) {
      throw new UsageError(`${file} is no history for --model ${flags.model}: ${error.message}`);
    }
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(
      `--options ${JSON.stringify(flags.options ?? {})} does not suit --model ${flags.model}: ${error.message}`,
    );
  }
}

async function readHistoryFile(named: string): ReturnType<typeof readHistory> {
  const path = userPath(named);
  try {
    if ((await stat(path)).isDirectory()) {
      throw new UsageError(
        `${JSON.stringify(named)} is a folder: with --model, name a history file; without, a stored run is judged by its own plan`,
      );
    }
    return await readHistory(path);
  } catch (error) {
    if (error instanceof HistoryError) throw new UsageError(`not a history that can be judged: ${error.message}`);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UsageError(`there is no file ${JSON.stringify(named)}`);
  }
}

interface Examined {
  readonly operations: number;
  readonly milliseconds: number;
  readonly events: readonly HistoryEvent[];
}

function asJson(file: string, flags: CheckFlags, result: CheckResult, examined: Examined): object {
  const { verdict, reason, findings } = result;
  return {
    file,
    model: flags.model,
    valid: verdict === "holds" ? true : verdict === "broken" ? false : "unknown",
    operations: examined.operations,
    milliseconds: examined.milliseconds,
    anomalies: findings,
    witness: witnessOf(result, examined.events),
    reason,
  };
}

/** The events that prove the clearest finding. */
function witnessOf({ findings }: CheckResult, events: readonly HistoryEvent[]): HistoryEvent[] {
  return (findings[0]?.events ?? []).flatMap((index) => events[index] ?? []);
}

const SHOWN_FINDINGS = 5;

function print(file: string, result: CheckResult, { operations, milliseconds, events }: Examined): void {
  const colors = colorsFor(process.stdout);
  const tone = result.verdict === "holds" ? "good" : result.verdict === "broken" ? "bad" : "doubtful";
  console.log(
    `${file}: ${paint(colors, tone)(result.verdict)}: ${result.reason} (${operations} operations, ${milliseconds} ms)`,
  );
  for (const finding of result.findings.slice(0, SHOWN_FINDINGS)) console.log(`  ${finding.kind}: ${finding.sentence}`);
  if (result.count > SHOWN_FINDINGS) console.log(`  … ${result.count} in all`);
  for (const event of witnessOf(result, events)) console.log(colors.dim(`    ${JSON.stringify(event)}`));
}

async function checkRun(target: string, flags: CheckFlags): Promise<ExitCode> {
  if ((await isFile(target)) && basename(target) !== "history.jsonl") {
    throw new UsageError(
      `${JSON.stringify(target)} is a file, and nothing says what it should be: add --model, one of ${[...CHECKERS.keys()].join(", ")}`,
    );
  }
  const started = performance.now();
  const { verdict, operations, report, warnings } = await judgeRun(await storedRunFolder(target));
  const milliseconds = Math.round(performance.now() - started);
  for (const warning of warnings) say(`${target}: ${warning}`);
  if (flags.json === true) {
    console.log(JSON.stringify({ run: target, ...verdict, operations, milliseconds, report }));
    return EXIT_CODES[verdict.outcome];
  }
  const colors = colorsFor(process.stdout);
  console.log(`${target}: ${verdict.outcome}: ${verdict.sentence}`);
  for (const doubt of verdict.doubts) console.log(`  doubt: ${doubt}`);
  for (const judged of verdict.claims) {
    const { words, tone } = claimWords(judged);
    console.log(`  ${paint(colors, tone)(words)}: ${judged.claim.statement} ${judged.result.reason}`);
  }
  console.log(`  ${shownPath(report)}`);
  return EXIT_CODES[verdict.outcome];
}

async function isFile(named: string): Promise<boolean> {
  try {
    return (await stat(userPath(named))).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
