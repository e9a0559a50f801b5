/** The contract of the reports: pages made from stored runs alone, so that they can be made again at any time. */
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderIndex } from "./index-page.ts";
import { renderReport } from "./report-page.ts";
import type { StoredRun } from "./stored-run.ts";
import { listRuns } from "./stored-run.ts";

/** Writes `report.html` into the run's folder, and returns its path. The page is one file and asks the network for nothing. */
export async function writeReport(stored: StoredRun): Promise<string> {
  return writeWhole(join(stored.folder, "report.html"), await renderReport(stored));
}

/** Writes `index.html` into the results folder: all its runs, newest first. Returns its path. */
export async function writeIndex(resultsFolder: string): Promise<string> {
  return writeWhole(join(resultsFolder, "index.html"), await renderIndex(await listRuns(resultsFolder)));
}

/** Whoever opens the page while it is written sees the old one or the new one, never half of it. */
async function writeWhole(file: string, text: string): Promise<string> {
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, text);
  await rename(draft, file);
  return file;
}
