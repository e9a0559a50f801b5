/** The folder of a stored run that the user named. */
import { realpath, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { UsageError } from "../machine/usage-error.ts";
import { userPath } from "../machine/user-folder.ts";

/**
 * Absolute and without symbolic links, so that `results/latest` leads to the run itself. A file of the run stands for
 * the run.
 * @throws UsageError when there is no such folder.
 */
export async function storedRunFolder(named: string): Promise<string> {
  const path = userPath(named);
  try {
    if ((await stat(path)).isDirectory()) return await realpath(path);
    if (basename(path) === "history.jsonl" || basename(path) === "report.html") return await realpath(dirname(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UsageError(
      `there is no ${JSON.stringify(named)}: name the folder of a stored run, such as results/latest`,
    );
  }
  throw new UsageError(`${JSON.stringify(named)} is a file: name the folder of a stored run, such as results/latest`);
}
