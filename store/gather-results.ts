/** Brings the runs of several results folders together in one. */
import { cp, lstat, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { FILE_LIMITS, inMebibytes } from "../history/limits.ts";
import { FileRefusal, kindOf, readOwnFile } from "../history/readers/open-file.ts";
import { writeWhole } from "../history/live/write-whole.ts";
import { ownFiles, RefusedRun } from "./own-files.ts";
import { listSessions } from "./sessions.ts";
import { listRuns, runName } from "./stored-run.ts";
import { sameFile } from "./same-file.ts";
import { UsageError } from "../machine/usage-error.ts";
import { shownPath, userPath } from "../machine/user-folder.ts";

export interface Gathered {
  /** How many runs were copied. */
  readonly copied: number;
  /** What is lost: folders without runs, run folders without a run in them, or with links in it. One sentence each. */
  readonly problems: readonly string[];
  /** What is worth knowing and no loss, such as the same run twice. */
  readonly notes: readonly string[];
}

/**
 * What makes two folders the same run: everything that was decided and recorded. Verdicts and reports can be made
 * again.
 */
const IDENTITY = ["plan.json", "run.json", "history.jsonl"] as const;

/**
 * Copies runs and sessions into `out`, which may be one of the folders; what lies there already stays.
 * @param named folders as the user named them
 * @param out absolute path
 * @throws UsageError when one of them does not exist.
 */
export async function gatherResults(named: readonly string[], out: string): Promise<Gathered> {
  const folders = await Promise.all(named.map(existingFolder));
  await mkdir(out, { recursive: true });
  const problems: string[] = [];
  const notes: string[] = [];
  let copied = 0;
  for (const folder of new Set(folders)) {
    const runs = (await listRuns(folder)).map(runName).sort();
    problems.push(...(await strayFolders(folder, runs)));
    // A session tells of every run that it set out to make; one of a part without campaigns set out to make none.
    const { sessions } = await listSessions(folder);
    if (runs.length === 0 && sessions.length === 0) problems.push(`${shownPath(folder)} has no stored runs.`);
    if (sessions.length > 0 && sessions.every(({ session }) => session.runs.length === 0))
      notes.push(`${shownPath(folder)} was to make no runs.`);
    if (folder === resolve(out)) continue;
    const renamed = new Map<string, string>();
    for (const run of runs) {
      const refusal = await refusalOf(join(folder, run));
      if (refusal !== undefined) {
        problems.push(`${refusal}.`);
        continue;
      }
      const target = await placeFor(join(folder, run), out, run);
      if (target.isThere) notes.push(`${run} of ${shownPath(folder)} is there already, the same in every byte.`);
      else problems.push(...(await copyWhole(join(folder, run), join(out, target.run))));
      if (target.run !== run) {
        renamed.set(run, target.run);
        notes.push(`${run} of ${shownPath(folder)} became ${target.run}, as another run has that name.`);
      }
      if (!target.isThere) copied += 1;
    }
    problems.push(...(await copySessions(folder, out, renamed)));
  }
  return { copied, problems, notes };
}

async function existingFolder(named: string): Promise<string> {
  const folder = userPath(named);
  try {
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UsageError(`there is no folder ${JSON.stringify(named)}: name folders of results, such as results`);
  }
  throw new UsageError(`${JSON.stringify(named)} is a file: name folders of results, such as results`);
}

/**
 * Folders that are named like runs and have nothing of a run in them: a copy that was cut off, or a disk that was full.
 */
async function strayFolders(results: string, runs: readonly string[]): Promise<string[]> {
  const known = new Set(runs);
  const problems: string[] = [];
  for (const campaign of await readdir(results, { withFileTypes: true })) {
    if (!campaign.isDirectory()) continue;
    for (const run of await readdir(join(results, campaign.name), { withFileTypes: true })) {
      const name = `${campaign.name}/${run.name}`;
      if (!run.isDirectory() || known.has(name) || !/^\d{4}-\d\d-\d\dT/.test(run.name)) continue;
      problems.push(`${name} of ${shownPath(results)} has neither plan.json nor run.json nor history.jsonl.`);
    }
  }
  return problems;
}

interface Place {
  readonly run: string;
  readonly isThere: boolean;
}

/** Under its own name, or where another run has it, under the next one that is free: `<time>-2-<seed>`. */
async function placeFor(source: string, out: string, run: string): Promise<Place> {
  for (let attempt = 1; ; attempt += 1) {
    const candidate = attempt === 1 ? run : run.replace(/(?=-\d+$)/, `-${attempt}`);
    const target = join(out, candidate);
    if (!(await exists(target))) return { run: candidate, isThere: false };
    const same = await Promise.all(IDENTITY.map((file) => sameFile(join(source, file), join(target, file))));
    if (!same.includes(false)) return { run: candidate, isThere: true };
  }
}

/** Why the run is not copied. */
async function refusalOf(run: string): Promise<string | undefined> {
  try {
    await ownFiles(run);
    return undefined;
  } catch (error) {
    if (error instanceof RefusedRun) return error.message;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/**
 * A copy that is interrupted leaves a draft behind, and no run that is cut off. Returns what was not copied, one
 * sentence each.
 */
async function copyWhole(source: string, target: string): Promise<string[]> {
  const campaign = dirname(target);
  // Not named like a run, so that nobody takes the draft for one.
  const draft = join(campaign, `.${process.pid}.tmp`);
  await mkdir(campaign, { recursive: true });
  if (!(await lstat(campaign)).isDirectory())
    return [
      `${shownPath(source)} is not copied: ${shownPath(campaign)} is a symbolic link, and nothing is written through one.`,
    ];
  await rm(draft, { recursive: true, force: true });
  const leftOut: string[] = [];
  await cp(source, draft, {
    recursive: true,
    filter: async (path) => {
      const why = await whyLeftOut(path);
      if (why !== undefined)
        leftOut.push(`${relative(source, path)} of ${shownPath(source)} is not copied: it is ${why}.`);
      return why === undefined;
    },
  });
  await rename(draft, target);
  return leftOut;
}

/** A link would lead out of the run, and a device or a named pipe has no end. */
async function whyLeftOut(path: string): Promise<string | undefined> {
  const entry = await lstat(path);
  if (entry.isDirectory()) return undefined;
  if (!entry.isFile()) return kindOf(entry);
  return entry.size > FILE_LIMITS.bytes ? `larger than ${inMebibytes(FILE_LIMITS.bytes)}` : undefined;
}

/** @param renamed runs that have another name now */
async function copySessions(folder: string, out: string, renamed: ReadonlyMap<string, string>): Promise<string[]> {
  const { sessions, problems } = await listSessions(folder);
  for (const { name, session } of sessions) {
    const runs = session.runs.map((run) => {
      const moved = run.folder === undefined ? undefined : renamed.get(run.folder);
      return moved === undefined ? run : { ...run, folder: moved };
    });
    const text = `${JSON.stringify({ ...session, runs }, null, 2)}\n`;
    await writeWhole(join(out, await freeName(out, name, text)), text);
  }
  return problems.map((problem) => `${shownPath(folder)}: ${problem}`);
}

/** The first name under which nothing else lies. */
async function freeName(out: string, name: string, text: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const candidate = attempt === 1 ? name : name.replace(/\.json$/, `-${attempt}.json`);
    const file = join(out, candidate);
    if (!(await exists(file)) || (await hasText(file, text))) return candidate;
  }
}

async function hasText(file: string, text: string): Promise<boolean> {
  try {
    return (await readOwnFile(file, Buffer.byteLength(text))) === text;
  } catch (error) {
    if (error instanceof FileRefusal) return false;
    throw error;
  }
}
