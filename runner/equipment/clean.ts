/**
 * Ends what runs have left behind that could not clean up themselves, because their coordinator was killed.
 *
 * A run marks all that is its own (see `run-folder.ts`). Its processes name its coordinator in their environment; its
 * temporary folder holds a file that names the coordinator; and its nodes work inside that folder, since a server may
 * overwrite the memory in which the environment is shown. Whether a coordinator is still alive decides what is an
 * orphan; nothing is ever matched by its name.
 */
import { existsSync, lstatSync, readFileSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { doomedThings, removeContainers } from "./clean-containers.ts";
import { processTable } from "../../machine/process-table.ts";
import type { ProcessEntry, ProcessTable } from "../../machine/process-table.ts";

/** Names of the temporary folders of runs start with this, and go on with the run's id. */
export const runFolderPrefix = "redquake-";

/** The file in a run's temporary folder that holds the coordinator's mark. */
const COORDINATOR_FILE = "coordinator";
/** The file there that says whose run it is. */
export const ABOUT_FILE = "about";
const RUN_VARIABLE = "REDQUAKE_RUN";
export const COORDINATOR_VARIABLE = "REDQUAKE_COORDINATOR";

/** How long a killed process may take to leave the process table; one that waits for a dead disk can take for ever. */
const GONE_TIMEOUT_MS = 5_000;
const POLL_MS = 10;
/** A path is hardly ever longer. */
const MAX_ABOUT = 1_000;

export interface CleanUpOptions {
  /** Told what was ended and removed, one line for people each. */
  readonly say: (line: string) => void;
  /** The machine's own unless a test says otherwise. */
  readonly table?: ProcessTable;
}

export interface CleanUpResult {
  /** How many processes were ended. */
  readonly processes: number;
  /** How many temporary folders were removed. */
  readonly folders: number;
  /** How many containers were ended and removed; their networks go with them. */
  readonly containers: number;
}

/** What `cleanUp` would end and remove, and whose it is. */
export interface LeftBehind extends CleanUpResult {
  /** `lock-simple with seed 7, stored in …`, one for each run. */
  readonly runs: readonly string[];
}

/**
 * Names this process for good: `<pid>:<start>`, where the start time tells it from a later process with the same id.
 */
export function coordinatorMark(table: ProcessTable = processTable()): string {
  const self = table.find(process.pid);
  if (self === undefined) throw new Error(`process ${process.pid} cannot find itself in the process table`);
  return markOf(self);
}

/** Whether the process that a mark names still runs. */
export function coordinatorIsAlive(mark: string): boolean {
  return isAlive(mark, processTable());
}

/**
 * Ends (SIGKILL) every process and container of runs whose coordinator is no longer alive, and removes their folders.
 * Runs that are going on, other users' runs, and everything that is no run of redquake are left alone.
 */
export function cleanUp(options: CleanUpOptions): Promise<CleanUpResult> {
  const table = options.table ?? processTable();
  return endRuns(table, options.say, (mark, table) => !isAlive(mark, table));
}

/** What `cleanUp` would end and remove now. @throws when the engine's containers cannot be listed. */
export async function leftBehind(table: ProcessTable = processTable()): Promise<LeftBehind> {
  const isDoomed = (mark: string): boolean => !isAlive(mark, table);
  const folders = runFolders().filter(({ mark }) => isDoomed(mark));
  const orphans = table
    .list()
    .filter((entry) => isOrphan(entry, table, folders, isDoomed) && !isAncestor(entry, table));
  const processes = orphans.length;
  const runs = [...new Set([...folders.map(nameOf), ...orphans.map((entry) => runOf(entry, table, folders))])];
  const containers = (await doomedThings(isDoomed)).filter(({ kind }) => kind === "container").length;
  return { processes, folders: folders.length, containers, runs };
}

/**
 * Ends every process of the runs of this very process, at once, and removes their folders: for when there is no time to
 * heal and save.
 */
export function abandonOwnRuns(options: CleanUpOptions): Promise<CleanUpResult> {
  const table = options.table ?? processTable();
  return endRuns(table, options.say, (mark, table) => mark === coordinatorMark(table));
}

async function endRuns(
  table: ProcessTable,
  say: (line: string) => void,
  isDoomedIn: (mark: string, table: ProcessTable) => boolean,
): Promise<CleanUpResult> {
  // Before the processes in them, which would otherwise be counted as such.
  const containers = await endContainers(say, isDoomedIn);
  const isDoomed = (mark: string): boolean => isDoomedIn(mark, table);
  const folders = runFolders().filter(({ mark }) => isDoomed(mark));
  const ended = new Set<string>();
  /** What was ended, by its run. */
  const programs = new Map<string, string[]>();
  const survivors: ProcessEntry[] = [];
  // A process that is killed may have started another one just before.
  for (;;) {
    const found = table
      .list()
      .filter(
        (entry) => !ended.has(markOf(entry)) && isOrphan(entry, table, folders, isDoomed) && !isAncestor(entry, table),
      );
    if (found.length === 0) break;
    for (const entry of found) ended.add(markOf(entry));
    // Afterwards nobody can tell.
    const whose = found.map((entry) => [runOf(entry, table, folders), table.program(entry.pid) ?? "process"] as const);
    const gone = await Promise.all(found.map((entry) => kill(entry, table)));
    for (const [i, [run, program]] of whose.entries())
      if (gone[i] === true) programs.set(run, [...(programs.get(run) ?? []), program]);
    survivors.push(...found.filter((_entry, i) => gone[i] === false));
  }
  for (const { pid } of survivors)
    say(`process ${pid} of a dead run was sent SIGKILL, but is still there after ${GONE_TIMEOUT_MS} ms`);
  for (const { path } of folders) removeRunFolder(path);
  const result = { processes: ended.size - survivors.length, folders: folders.length, containers };
  for (const [run, names] of programs)
    say(`ended ${count(names.length, "process", "processes")} of a killed run (${run}): ${counts(names)}`);
  if (containers > 0) say(`removed ${count(containers, "container", "containers")} of runs that were killed`);
  if (result.folders > 0)
    say(
      `removed ${count(result.folders, "temporary folder", "temporary folders")} of runs that were killed: ${folders.map((folder) => `${folder.path} (${nameOf(folder)})`).join(", ")}`,
    );
  return result;
}

/** Whose a process is, by what its folder says; without one, the run's id. */
function runOf({ pid }: ProcessEntry, table: ProcessTable, folders: readonly RunFolder[]): string {
  const run = table.variable(pid, RUN_VARIABLE);
  const paths = table.paths(pid);
  const own = folders.find(
    ({ path }) =>
      (run !== undefined && basename(path) === runFolderPrefix + run) ||
      paths.some((each) => `${each}${sep}`.startsWith(path + sep)),
  );
  if (own !== undefined) return nameOf(own);
  return run === undefined ? "the process that made it" : `the run with the id ${run}`;
}

function nameOf({ path, about }: RunFolder): string {
  return about === "" ? `the run with the id ${basename(path).slice(runFolderPrefix.length)}` : about;
}

/** `2 redis-server, 3 node`. */
function counts(names: readonly string[]): string {
  return [...Map.groupBy(names, (name) => name)].map(([name, each]) => `${each.length} ${name}`).join(", ");
}

/**
 * Returns how many. An engine that fails must not keep anybody from cleaning up the rest, or from running without it.
 */
async function endContainers(
  say: (line: string) => void,
  isDoomedIn: (mark: string, table: ProcessTable) => boolean,
): Promise<number> {
  // Labels are always in the notation of the machine's own table.
  const table = processTable();
  try {
    return await removeContainers((mark) => isDoomedIn(mark, table));
  } catch (error) {
    say(`containers of runs that were killed, if any, could not be removed: ${(error as Error).message}`);
    return 0;
  }
}

interface RunFolder {
  /** Without symbolic links, as the system shows working directories. */
  readonly path: string;
  readonly mark: string;
  /** Whose it is; "" where it does not say. */
  readonly about: string;
}

/** This user's folders of runs. A folder without a coordinator's mark is none, whatever its name. */
function runFolders(): RunFolder[] {
  // Where there is no such folder, nobody has left anything in it.
  if (!existsSync(tmpdir())) return [];
  const parent = realpathSync(tmpdir());
  return readdirSync(parent)
    .filter((name) => name.startsWith(runFolderPrefix))
    .map((name) => ({
      path: join(parent, name),
      mark: readMark(join(parent, name)),
      about: readAbout(join(parent, name)),
    }))
    .filter((folder): folder is RunFolder => folder.mark !== undefined);
}

/** One line: whatever somebody has put there cannot do more than be read. */
function readAbout(folder: string): string {
  try {
    const file = join(folder, ABOUT_FILE);
    if (!lstatSync(file).isFile()) return "";
    return readFileSync(file, "utf8")
      .replaceAll(/[^\P{C}]/gu, " ")
      .slice(0, MAX_ABOUT)
      .trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") return "";
    throw error;
  }
}

function readMark(folder: string): string | undefined {
  try {
    const stat = lstatSync(folder);
    if (!stat.isDirectory() || stat.uid !== process.getuid?.()) return undefined;
    const mark = readFileSync(join(folder, COORDINATOR_FILE), "utf8").trim();
    return /^\d+:\S+$/.test(mark) ? mark : undefined;
  } catch (error) {
    // Its run may be removing it at this moment, or it was never one of ours.
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw error;
  }
}

function isOrphan(
  entry: ProcessEntry,
  table: ProcessTable,
  folders: readonly RunFolder[],
  isDoomed: (mark: string) => boolean,
): boolean {
  const mark = table.variable(entry.pid, COORDINATOR_VARIABLE);
  if (mark !== undefined) return isDoomed(mark);
  // Nodes have no terminal; somebody who looks around in the folder of a dead run has one, and is none of ours.
  if (entry.terminal) return false;
  return table.paths(entry.pid).some((path) => folders.some((folder) => `${path}${sep}`.startsWith(folder.path + sep)));
}

/** Whether it is this process itself, or one that this process runs under. */
function isAncestor(entry: ProcessEntry, table: ProcessTable): boolean {
  for (let pid = process.pid; pid > 0; pid = table.find(pid)?.parent ?? 0) {
    if (pid === entry.pid) return true;
  }
  return false;
}

/** Whether it is gone afterwards. */
async function kill(entry: ProcessEntry, table: ProcessTable): Promise<boolean> {
  const deadline = performance.now() + GONE_TIMEOUT_MS;
  // Its id may have gone to another process since the table was read.
  if (table.find(entry.pid)?.start === entry.start) sendKill(entry.pid);
  while (table.find(entry.pid)?.start === entry.start) {
    if (performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

function sendKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The mark goes last: a removal that is interrupted leaves a folder that the next one still recognises. */
function removeRunFolder(folder: string): void {
  // Somebody else may be cleaning up too, so that the folder may be gone already.
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name !== COORDINATOR_FILE) rmSync(join(folder, name), { recursive: true, force: true });
  }
  rmSync(folder, { recursive: true, force: true });
}

function isAlive(mark: string, table: ProcessTable): boolean {
  const entry = table.find(Number(mark.slice(0, mark.indexOf(":"))));
  return entry !== undefined && markOf(entry) === mark;
}

function markOf(entry: ProcessEntry): string {
  return `${entry.pid}:${entry.start}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
