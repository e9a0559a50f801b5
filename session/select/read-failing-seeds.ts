/** The seeds of `--failing`. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { FailingSeed } from "../../store/failing-seeds.ts";
import { parseFailingSeeds } from "../../store/failing-seeds.ts";
import { UsageError } from "../../machine/usage-error.ts";

/**
 * None, where the file does not exist: before the first night there is nothing to remember.
 * @param file absolute path
 * @throws UsageError when the file is damaged, since what it knew must not get lost in silence.
 */
export async function readFailingSeeds(file: string): Promise<readonly FailingSeed[]> {
  try {
    return parseFailingSeeds(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    if (!(error instanceof z.ZodError) && !(error instanceof SyntaxError)) throw error;
    const what = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    throw new UsageError(`${file} is no list of failing seeds (${what}): repair it, or delete it to begin anew`);
  }
}
