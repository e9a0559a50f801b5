/**
 * Stored runs on disk: `<results>/<campaign>/<UTC time>-<seed>/{run.json,plan.json,history.jsonl,verdict.json,…}`.
 *
 * A run may have been killed at any moment, so every file may be absent or cut short. What is there is read; what is
 * missing becomes a warning that the report shows, and never an error.
 */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { z } from "zod";
import type { Verdict } from "../checkers/judge/verdict.ts";
import { History } from "../history/history.ts";
import type { Plan } from "../history/plan.ts";
import { FileRefusal } from "../history/readers/open-file.ts";
import { readHistory } from "../history/read.ts";
import type { RunFacts } from "./run-facts.ts";
import { ownFiles, readDocument, RefusedRun } from "./own-files.ts";
import { planFile, runFile, verdictFile } from "./stored-files.ts";
import { RedquakeError } from "../machine/redquake-error.ts";

export interface StoredRun {
  readonly folder: string;
  readonly run: RunFacts;
  readonly plan: Plan;
  readonly history: History;
  /** Absent when the run was never judged. */
  readonly verdict: Verdict | undefined;
  /** What was missing or damaged, one sentence each; empty for a sound run. */
  readonly warnings: readonly string[];
}

/** What a list of runs shows of one, without reading its history. */
export interface RunSummary {
  readonly folder: string;
  /** Name of the campaign's folder. */
  readonly campaign: string;
  /** Name of the run's folder. */
  readonly name: string;
  readonly seed: number | undefined;
  /** ISO 8601 in UTC, from `run.json` or else from the folder's name. */
  readonly startedAt: string | undefined;
  readonly run: RunFacts | undefined;
  /** Absent when the run was never judged, or when the harness failed in it, so that no verdict can come of it. */
  readonly verdict: Verdict | undefined;
  readonly hasReport: boolean;
  readonly warnings: readonly string[];
}

/** A folder that is not a stored run. */
export class NotAStoredRun extends RedquakeError {
  override readonly name = "NotAStoredRun";
  readonly code = "REDQUAKE_NO_STORED_RUN";
  readonly origin = "call";
}

const RUN_FILES = ["run.json", "plan.json", "history.jsonl"] as const;

/**
 * Reads a stored run as far as it goes.
 * @throws NotAStoredRun when the folder has none of a run's files; RefusedRun when one of them is no file of its own.
 */
export async function readStoredRun(folder: string): Promise<StoredRun> {
  const present = await ownFiles(folder);
  if (!RUN_FILES.some((file) => present.has(file))) {
    throw new NotAStoredRun(
      `${folder} is not a stored run: it has none of ${RUN_FILES.join(", ")}; give the folder of one run, such as results/latest`,
    );
  }
  const warnings: string[] = [];
  const plan = await readJson(folder, "plan.json", planFile, warnings);
  const run = await readJson(folder, "run.json", runFile, warnings);
  const verdict = present.has("verdict.json")
    ? await readJson(folder, "verdict.json", verdictFile, warnings)
    : undefined;
  const history = await readEvents(join(folder, "history.jsonl"), warnings);
  return {
    folder,
    run: run ?? unknownFacts(folder, plan),
    plan: plan ?? unknownPlan(folder, run),
    history,
    verdict,
    warnings,
  };
}

/** All stored runs, newest first. A results folder that does not exist has none. */
export async function listRuns(resultsFolder: string): Promise<RunSummary[]> {
  const summaries: RunSummary[] = [];
  for (const campaign of await foldersIn(resultsFolder)) {
    for (const name of await foldersIn(join(resultsFolder, campaign))) {
      const summary = await summarize(join(resultsFolder, campaign, name));
      if (summary !== undefined) summaries.push(summary);
    }
  }
  return summaries.sort((a, b) => compareText(b.startedAt ?? "", a.startedAt ?? "") || compareText(b.folder, a.folder));
}

async function summarize(folder: string): Promise<RunSummary | undefined> {
  let present: ReadonlySet<string>;
  try {
    present = await ownFiles(folder);
  } catch (error) {
    if (!(error instanceof RefusedRun)) throw error;
    return refused(folder, error);
  }
  if (!RUN_FILES.some((file) => present.has(file))) return undefined;
  const warnings: string[] = [];
  const run = await readJson(folder, "run.json", runFile, warnings);
  const verdict = present.has("verdict.json")
    ? await readJson(folder, "verdict.json", verdictFile, warnings)
    : undefined;
  const named = parseRunName(basename(folder));
  return {
    folder,
    campaign: basename(dirname(folder)),
    name: basename(folder),
    seed: run?.seed ?? named.seed,
    startedAt: run?.startedAt ?? named.startedAt,
    run,
    verdict: run?.failure === undefined ? verdict : undefined,
    hasReport: present.has("report.html"),
    warnings,
  };
}

function refused(folder: string, { message }: RefusedRun): RunSummary {
  const [campaign, name] = [basename(dirname(folder)), basename(folder)];
  const warnings = [`${message}.`];
  return {
    folder,
    campaign,
    name,
    ...parseRunName(name),
    run: undefined,
    verdict: undefined,
    hasReport: false,
    warnings,
  };
}

/** `2026-11-25T00-40-12Z-42` and its relatives, with or without punctuation: the start of the run, and its seed. */
function parseRunName(name: string): { startedAt: string | undefined; seed: number | undefined } {
  const date = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d)[-:]?(\d\d)[-:]?(\d\d)/.exec(name);
  const seed = /-(\d+)$/.exec(name)?.[1];
  return {
    startedAt: date === null ? undefined : `${date[1]}-${date[2]}-${date[3]}T${date[4]}:${date[5]}:${date[6]}.000Z`,
    seed: seed === undefined ? undefined : Number(seed),
  };
}

async function readJson<T>(
  folder: string,
  name: string,
  shape: z.ZodType<T>,
  warnings: string[],
): Promise<T | undefined> {
  let content: unknown;
  try {
    content = await readDocument(folder, name);
  } catch (error) {
    warnings.push(problemOf(name, error));
    return undefined;
  }
  const parsed = shape.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  warnings.push(
    `${name} is not what this version of redquake writes: ${issue === undefined ? "unknown reason" : `${issue.path.join(".") || "the whole"}: ${issue.message}`}.`,
  );
  return undefined;
}

function problemOf(name: string, error: unknown): string {
  if (error instanceof FileRefusal) return `${error.message}.`;
  if (error instanceof SyntaxError) return `${name} is damaged (${error.message}).`;
  return `${name} cannot be read (${errorCode(error)}): the run was probably killed before it was written.`;
}

async function readEvents(file: string, warnings: string[]): Promise<History> {
  try {
    const read = await readHistory(file, { ofRun: true });
    warnings.push(...read.warnings);
    return read.history;
  } catch (error) {
    warnings.push(`history.jsonl cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return new History([]);
  }
}

function unknownFacts(folder: string, plan: Plan | undefined): RunFacts {
  const named = parseRunName(basename(folder));
  return {
    version: 1,
    campaign: plan?.campaign ?? basename(dirname(folder)),
    seed: plan?.seed ?? named.seed ?? 0,
    startedAt: named.startedAt ?? "unknown",
    durationMs: 0,
    redquake: "unknown",
    node: "unknown",
    platform: "unknown",
    cpus: 0,
    host: "process",
    hostDescription: "unknown",
    redisVersion: "unknown",
    toxiproxy: "unknown",
    profile: plan?.profile ?? "raw",
    commandLine: "",
    clientLibraries: {},
    interrupted: true,
  };
}

function unknownPlan(folder: string, run: RunFacts | undefined): Plan {
  const campaign = run?.campaign ?? basename(dirname(folder));
  return {
    version: 1,
    campaign,
    title: campaign,
    description: "",
    seed: run?.seed ?? 0,
    system: { kind: "single", options: {} },
    workload: "unknown",
    options: {},
    profile: run?.profile ?? "raw",
    workers: [],
    loadMs: 0,
    settleMs: 0,
    faults: [],
    claims: [],
  };
}

/** Real folders only: `latest` is a symbolic link to a run that is listed already. */
async function foldersIn(folder: string): Promise<string[]> {
  try {
    if (!(await stat(folder)).isDirectory()) return [];
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `<campaign>/<UTC time>-<seed>`: the run's folder below the results. */
export function runName({ folder }: Pick<RunSummary, "folder">): string {
  return `${basename(dirname(folder))}/${basename(folder)}`;
}
