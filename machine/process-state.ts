/** What the operating system's process table says about a process. */
import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";

export type ProcessState = "running" | "stopped" | "dead";

/** `stopped` after SIGSTOP, `dead` when there is no such process or only its zombie, else `running`. */
export function processState(pid: number): ProcessState {
  const letter = process.platform === "linux" ? stateFromProc(pid) : stateFromPs(pid);
  if (letter === undefined || letter === "Z" || letter === "X") return "dead";
  return letter === "T" || letter === "t" ? "stopped" : "running";
}

function stateFromProc(pid: number): string | undefined {
  try {
    // The command's name stands in parentheses and may itself contain some: the state follows the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}

function stateFromPs(pid: number): string | undefined {
  try {
    return execFileSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).trim()[0];
  } catch (error) {
    // ps ends with 1 when there is no such process.
    if ((error as { status?: number }).status === 1) return undefined;
    throw error;
  }
}
