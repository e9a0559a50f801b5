/** The contract of the reports: pages made from stored runs alone, so that they can be made again at any time. */
import { join } from "node:path";
import { FileRefusal, openOwnFile } from "../history/readers/open-file.ts";
import { writeWhole } from "../history/live/write-whole.ts";
import { GENERATOR } from "./document.ts";
import { renderIndex } from "./overview/index-page.ts";
import { renderReport } from "./report-page.ts";
import { withFailures } from "./overview/results-overview.ts";
import { listSessions, missingRuns } from "../store/sessions.ts";
import type { StoredRun } from "../store/stored-run.ts";
import { listRuns, runName } from "../store/stored-run.ts";

/** The generator is named before so many. */
const HEAD_BYTES = 8_192;

/**
 * Writes `report.html` into the run's folder, and returns its path. The page is one file and asks the network for
 * nothing.
 */
export async function writeReport(stored: StoredRun): Promise<string> {
  return writeWhole(join(stored.folder, "report.html"), await renderReport(stored));
}

/**
 * Writes `index.html` into the results folder: all its runs, newest first, and those that were wanted and are missing.
 * Returns its path.
 */
export async function writeIndex(resultsFolder: string): Promise<string> {
  const { sessions } = await listSessions(resultsFolder);
  const runs = withFailures(await listRuns(resultsFolder), sessions);
  const missing = missingRuns(sessions, new Set(runs.map(runName)));
  return writeWhole(join(resultsFolder, "index.html"), await renderIndex(runs, missing));
}

/**
 * Whether there is an `index.html` that redquake has not written: a run's folder says what it wants of the folders that
 * it lies in.
 */
export async function hasForeignIndex(resultsFolder: string): Promise<boolean> {
  try {
    await using file = await openOwnFile(join(resultsFolder, "index.html"));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return !buffer.toString("utf8", 0, bytesRead).includes(GENERATOR);
  } catch (error) {
    // What is no file is replaced.
    if (error instanceof FileRefusal || (error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
