/** Which processes of this user there are, and what tells which run one belongs to. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { basename } from "node:path";

export interface ProcessEntry {
  readonly pid: number;
  /** Process id of the parent. */
  readonly parent: number;
  /** When it started, in the table's own notation: with the process id, it names a process for good. */
  readonly start: string;
  /** Whether somebody sits at it: it has a controlling terminal. */
  readonly terminal: boolean;
}

export interface ProcessTable {
  /** The user's own processes, zombies left out. */
  list(): readonly ProcessEntry[];
  /** A process of any user; undefined when it is gone, or only its zombie is left. */
  find(pid: number): ProcessEntry | undefined;
  /**
   * The value of a variable of the environment that the process was started with; undefined where that cannot be read.
   */
  variable(pid: number, name: string): string | undefined;
  /** What it runs: `redis-server`, `node`; undefined when it is gone. */
  program(pid: number): string | undefined;
  /** Paths that the process works with, as far as the system shows them: its working directory, or its arguments. */
  paths(pid: number): readonly string[];
}

/** The process table of this machine. */
export function processTable(): ProcessTable {
  return existsSync("/proc/self/stat") ? procTable : psTable;
}

/** From proc(5), on Linux. `start` is field 22 of `stat`: clock ticks since the machine's start. */
export const procTable: ProcessTable = {
  list: () =>
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => ofLiving(() => statSync(`/proc/${pid}`).uid) === process.getuid?.())
      .map((pid) => procTable.find(pid))
      .filter((entry) => entry !== undefined),
  find: (pid) => {
    const stat = ofLiving(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
    if (stat === undefined) return undefined;
    // The command's name stands in parentheses and may itself contain some: the fields from the third on follow the
    // last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, parent, , , terminal] = fields;
    if (state === "Z" || state === "X") return undefined;
    return { pid, parent: Number(parent), start: fields[19] ?? "", terminal: terminal !== "0" };
  },
  variable: (pid, name) =>
    ofLiving(() => readFileSync(`/proc/${pid}/environ`, "utf8"))
      ?.split("\0")
      .find((line) => line.startsWith(`${name}=`))
      ?.slice(name.length + 1),
  program: (pid) => programIn(ofLiving(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"))),
  paths: (pid) => {
    const folder = ofLiving(() => readlinkSync(`/proc/${pid}/cwd`));
    return folder === undefined ? [] : [folder];
  },
};

/** From ps(1), where there is no `/proc`. It shows no environment, so arguments have to do. */
export const psTable: ProcessTable = {
  list: () => ps(["-U", String(process.getuid?.())]),
  find: (pid) => ps(["-p", String(pid)])[0],
  variable: () => undefined,
  program: (pid) => programIn(runPs(["-ww", "-o", "command=", "-p", String(pid)])),
  paths: (pid) =>
    runPs(["-ww", "-o", "command=", "-p", String(pid)])
      .trim()
      .split(/\s+/),
};

/** The first word of a command line, without its folder: servers show more in it than their arguments. */
function programIn(commandLine = ""): string | undefined {
  const [first = ""] = commandLine.trim().split(/[\s\0]+/);
  return first === "" ? undefined : basename(first);
}

function ps(selection: readonly string[]): ProcessEntry[] {
  return runPs(["-o", "pid=,ppid=,state=,tty=,lstart=", ...selection])
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => state !== undefined && !state.startsWith("Z"))
    .map(([pid, parent, , terminal, ...start]) => ({
      pid: Number(pid),
      parent: Number(parent),
      start: start.join("-"),
      terminal: !/^\?+$|^-$/.test(terminal ?? ""),
    }));
}

function runPs(args: readonly string[]): string {
  try {
    return execFileSync("ps", args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  } catch (error) {
    // ps ends with 1 when no process fits.
    if ((error as { status?: number }).status === 1) return "";
    throw error;
  }
}

/** Reads something of a process that may be gone, or become another user's, at any moment. */
function ofLiving<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes(code)) return undefined;
    throw error;
  }
}
