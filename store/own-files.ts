/**
 * Whether the files of a stored run are its own: a stranger's folder may have links in it, or what is no file. Such a
 * run is refused as a whole.
 */
import { readdir } from "node:fs/promises";
import type { Dirent } from "node:fs";
import { join } from "node:path";
import { isTooDeep } from "../history/readers/depth.ts";
import { MOST_DEPTH } from "../history/limits.ts";
import { FileRefusal, kindOf, readOwnFile } from "../history/readers/open-file.ts";
import { RedquakeError } from "../machine/redquake-error.ts";

/** What is read of a run, and what is written into it. */
const FILES: ReadonlySet<string> = new Set(["run.json", "plan.json", "history.jsonl", "verdict.json", "report.html"]);
/** A verdict with all its findings has less than one. */
const MOST_DOCUMENT_BYTES = 16 * 2 ** 20;

/** A stored run that redquake neither reads nor writes to. */
export class RefusedRun extends RedquakeError {
  override readonly name = "RefusedRun";
  readonly code = "REDQUAKE_RUN_REFUSED";
  readonly origin = "call";
}

/** The names in a run's folder; none where there is no such folder. @throws RefusedRun */
export async function ownFiles(folder: string): Promise<ReadonlySet<string>> {
  const entries = await entriesOf(folder);
  const stranger = entries.find((entry) => FILES.has(entry.name) && !entry.isFile());
  if (stranger !== undefined)
    throw new RefusedRun(
      `${folder} is refused: its ${stranger.name} is ${kindOf(stranger)}, and the files of a stored run must be regular ones, in its own folder`,
    );
  return new Set(entries.map(({ name }) => name));
}

/**
 * The content of a JSON document of a run, a session or a results folder.
 * @throws FileRefusal when it is no regular file, too large or too deep; SyntaxError when it is damaged; otherwise what
 *   `node:fs` throws.
 */
export async function readDocument(folder: string, name: string): Promise<unknown> {
  const text = await readOwnFile(join(folder, name), MOST_DOCUMENT_BYTES);
  if (isTooDeep(text)) throw new FileRefusal(`${name} is nested more than ${MOST_DEPTH} deep`);
  return JSON.parse(text) as unknown;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
