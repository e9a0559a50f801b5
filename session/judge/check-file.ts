/** From a history file and the name of a model to a verdict. */
import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { Analysis, Anomaly } from "../../checkers/analysis.ts";
import { MisuseError } from "../../checkers/analysis.ts";
import type { CheckResult } from "../../checkers/checker.ts";
import type { Columns } from "../../history/columns/columns.ts";
import { columnsOf, NEMESIS_PROCESS, TYPE } from "../../history/columns/columns.ts";
import { STANDARD_INPUT } from "../../history/readers/history-bytes.ts";
import { HistoryError } from "../../history/history-error.ts";
import { FileRefusal } from "../../history/readers/open-file.ts";
import type { LoadedHistory } from "../../history/readers/history-reader.ts";
import { loadHistory } from "../../history/load.ts";
import type { Json } from "../../history/operation.ts";
import { checkInThreads } from "./key-threads.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { userPath } from "../../machine/user-folder.ts";

/** What is asked of every file. */
export interface Question {
  readonly model: string;
  /** From `--options`, `--init`, `--by-key`, `--consistency-model` and `--time-limit`. */
  readonly options: { readonly [name: string]: Json };
  readonly signal: AbortSignal;
  /** Shows what takes so long, given the whole seconds that have passed, until it is disposed of. */
  readonly progress?: (text: (seconds: number) => string) => Disposable;
}

const UNSEEN: NonNullable<Question["progress"]> = () => ({ [Symbol.dispose]: () => undefined });

export interface FileVerdict extends Pick<
  Analysis,
  "reason" | "algorithm" | "operations" | "not" | "witness" | "figures"
> {
  /** As the user named it. */
  readonly file: string;
  readonly model: string;
  readonly valid: boolean | "unknown";
  /** In one word, for people. */
  readonly verdict: "holds" | "broken" | "vacuous" | "unknown";
  /** The time of the judging alone; loading the file is not in it. */
  readonly milliseconds: number;
  readonly anomalies: { readonly [name: string]: readonly Anomaly[] };
  readonly counts: { readonly [name: string]: number };
  readonly columns: Columns;
  readonly warnings: readonly string[];
}

/** The verdict as data, for `--json`. */
export function verdictAsJson(verdict: FileVerdict): object {
  const { file, model, valid, operations, algorithm, anomalies, not, witness, reason, figures } = verdict;
  const milliseconds = Math.round(verdict.milliseconds);
  return { file, model, valid, operations, milliseconds, algorithm, anomalies, not, witness, reason, figures };
}

/**
 * @throws UsageError when there is no such file, or when it is no history that the model can judge; names the line.
 * @throws TypeError when an option does not suit the model.
 */
export async function checkFile(file: string, question: Question): Promise<FileVerdict> {
  const loaded = await load(file, question);
  if (loaded === undefined) return interrupted(file, question.model);
  const { columns, warnings } = loaded;
  using progress = new DisposableStack();
  progress.use((question.progress ?? UNSEEN)((seconds) => `${file}: judging, ${seconds} s`));
  try {
    return { file, model: question.model, columns, warnings, ...(await judge(columns, question)) };
  } catch (error) {
    if (error instanceof MisuseError) throw refused(file, question.model, columns, error.event, error.problem);
    throw error;
  }
}

function refused(
  file: string,
  model: string,
  columns: Columns,
  event: number | undefined,
  problem: string,
): UsageError {
  const line = event === undefined ? undefined : columns.line?.[event];
  return new UsageError(
    `${file}${line === undefined ? "" : `, line ${line}`}: not a history for --model ${model}: ${problem}`,
  );
}

function interrupted(file: string, model: string): FileVerdict {
  return {
    file,
    model,
    columns: columnsOf({ events: [] }),
    warnings: [],
    valid: "unknown",
    verdict: "unknown",
    reason: "it was interrupted while the file was read",
    algorithm: "",
    operations: 0,
    milliseconds: 0,
    anomalies: {},
    counts: {},
    not: [],
    witness: [],
  };
}

/** @returns undefined when it was interrupted. */
async function load(file: string, { signal, progress: shown = UNSEEN }: Question): Promise<LoadedHistory | undefined> {
  let megabytes = 0;
  using progress = new DisposableStack();
  progress.use(shown((seconds) => `${file}: reading, ${megabytes} MB, ${seconds} s`));
  const onProgress = (bytes: number): void => {
    megabytes = Math.round(bytes / 1e6);
  };
  const path = file === STANDARD_INPUT ? file : userPath(file);
  try {
    if (path !== STANDARD_INPUT && (await stat(path)).isDirectory()) {
      throw new UsageError(
        `${JSON.stringify(file)} is a folder: with --model, name a history file; without, a stored run is judged by its own plan`,
      );
    }
    return await loadHistory(path, { onProgress, signal });
  } catch (error) {
    if (signal.aborted && error === signal.reason) return undefined;
    if (error instanceof HistoryError) throw new UsageError(`not a history that can be judged: ${error.message}`);
    if (error instanceof FileRefusal)
      throw new UsageError(
        `${error.message}: give what comes out of it by standard input, as in \`redquake check - < FILE\``,
      );
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UsageError(`there is no file ${JSON.stringify(file)}`);
    if (code === "EACCES") throw new UsageError(`${JSON.stringify(file)} may not be read: ${message}`);
    throw error;
  }
}

type Judged = Omit<FileVerdict, "file" | "model" | "columns" | "warnings">;

async function judge(columns: Columns, { model, options, signal }: Question): Promise<Judged> {
  let milliseconds = 0;
  const result = await checkInThreads(columns, {
    model,
    options,
    signal,
    threads: threadsFor(columns, options),
    onMilliseconds: (measured) => (milliseconds = measured),
  });
  return { ...(result.analysis ?? analysisOf(result, model, columns)), verdict: result.verdict, milliseconds };
}

/** So few events are judged before a second thread has started. */
const EVENTS_WORTH_A_THREAD = 20_000;

function threadsFor(columns: Columns, options: Question["options"]): number {
  if (options["byKey"] !== true) return 1;
  return Math.min(availableParallelism(), Math.max(1, Math.ceil(columns.length / EVENTS_WORTH_A_THREAD)));
}

/** The result of a checker that has nothing to say besides, in the same form. */
function analysisOf({ verdict, reason, findings, count }: CheckResult, model: string, columns: Columns): Analysis {
  const anomalies: { [kind: string]: Anomaly[] } = {};
  const counts: { [kind: string]: number } = {};
  for (const { kind, sentence, events } of findings) {
    (anomalies[kind] ??= []).push({ sentence, events });
    // Beyond the findings that are shown, only their sum is known.
    counts[kind] = Object.keys(anomalies).length === 1 ? count : (anomalies[kind]?.length ?? 0);
  }
  return {
    valid: verdict === "holds" ? true : verdict === "broken" ? false : "unknown",
    reason,
    algorithm: model,
    operations: operationsOf(columns),
    anomalies,
    counts,
    not: [],
    witness: [...(findings[0]?.events ?? [])],
  };
}

function operationsOf({ length, type, process }: Columns): number {
  let operations = 0;
  for (let i = 0; i < length; i += 1) if (type[i] === TYPE.invoke && process[i] !== NEMESIS_PROCESS) operations += 1;
  return operations;
}
