/** The measured durations by which `--shard` cuts. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { packageRoot } from "../../machine/package-root.ts";
import type { CampaignDurations } from "../../store/durations.ts";
import { parseDurations } from "../../store/durations.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { userPath } from "../../machine/user-folder.ts";

/** Those of the shipped campaigns, measured once and the same for every machine that runs a part. */
const SHIPPED = join(packageRoot, "campaigns", "durations.json");

/**
 * @param named undefined: those that redquake brings
 * @throws UsageError when the file does not exist or is damaged: shards of machines that guess differently could leave
 * a campaign out.
 */
export async function readDurations(named: string | undefined): Promise<CampaignDurations> {
  const file = named === undefined ? SHIPPED : userPath(named);
  try {
    return parseDurations(await readFile(file, "utf8"));
  } catch (error) {
    const remedy = "name a durations.json that `redquake merge` has written, or leave --durations out";
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new UsageError(`there is no file ${file}: ${remedy}`);
    if (!(error instanceof z.ZodError) && !(error instanceof SyntaxError)) throw error;
    const what = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    throw new UsageError(`${file} has no durations of campaigns (${what}): ${remedy}`);
  }
}
