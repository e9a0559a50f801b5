/** The contract of the reports: pages made from stored runs alone, so that they can be made again at any time. */
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderIndex } from "./index-page.ts";
import { renderReport } from "./report-page.ts";
import { runName, withFailures } from "./results-overview.ts";
import { listSessions, missingRuns } from "./sessions.ts";
import type { StoredRun } from "./stored-run.ts";
import { listRuns } from "./stored-run.ts";

/** Writes `report.html` into the run's folder, and returns its path. The page is one file and asks the network for nothing. */
export async function writeReport(stored: StoredRun): Promise<string> {
  return writeWhole(join(stored.folder, "report.html"), await renderReport(stored));
}

/** Writes `index.html` into the results folder: all its runs, newest first, and those that were wanted and are missing. Returns its path. */
export async function writeIndex(resultsFolder: string): Promise<string> {
  const { sessions } = await listSessions(resultsFolder);
  const runs = withFailures(await listRuns(resultsFolder), sessions);
  const missing = missingRuns(sessions, new Set(runs.map(runName)));
  return writeWhole(join(resultsFolder, "index.html"), await renderIndex(runs, missing));
}

/** Whoever opens the page while it is written sees the old one or the new one, never half of it. */
async function writeWhole(file: string, text: string): Promise<string> {
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, text);
  await rename(draft, file);
  return file;
}
