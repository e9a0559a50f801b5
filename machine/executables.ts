/** Executables on this machine. */
import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";

/** Absolute paths of all executables of this name in the folders of `path`, in their order. */
export function executablesOnPath(name: string, path: string): string[] {
  const folders = path.split(":").filter((folder) => folder !== "");
  return folders.map((folder) => resolve(folder, name)).filter(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch (error) {
    // Not there, or not for us: both mean that it cannot be run.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}

/** What a program complained of, or undefined when it said nothing. */
export function firstLine(text: string): string | undefined {
  const line = text.split("\n")[0]?.trim();
  return line === "" ? undefined : line;
}

/** A Java virtual machine on a busy machine takes its time. */
const ANSWER_TIMEOUT_MS = 30_000;

/** What an executable prints when it is asked something; and, should that not be what was looked for, why. */
export function askProgram(
  executable: string,
  args: readonly string[],
): Promise<{ readonly text: string; readonly problem: string }> {
  return new Promise((resolve) => {
    execFile(executable, args, { timeout: ANSWER_TIMEOUT_MS }, (error, stdout, stderr) => {
      const text = `${stdout}\n${stderr}`;
      const printed = `it printed ${JSON.stringify(stdout.slice(0, 100))}`;
      resolve({ text, problem: firstLine(stderr) ?? error?.message ?? printed });
    });
  });
}
