/**
 * Puts a finished history in the order of time and numbers it, by a rename: a reader sees the one or the other, never
 * half.
 */
import { createWriteStream, renameSync, rmSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { HistoryEvent } from "../history/operation.ts";
import { readHistory } from "../history/read.ts";

const LINES_AT_A_TIME = 1_000;

/** @throws the error of the file system, such as a full disk's; the history is then as it was. */
export async function numberHistory(file: string): Promise<void> {
  const { history } = await readHistory(file);
  const numbered = `${file}.numbered`;
  try {
    await pipeline(Readable.from(linesOf(history.events)), createWriteStream(numbered));
    renameSync(numbered, file);
  } catch (error) {
    rmSync(numbered, { force: true });
    throw error;
  }
}

/** Many lines at a time. */
function* linesOf(events: readonly HistoryEvent[]): Generator<string> {
  for (let from = 0; from < events.length; from += LINES_AT_A_TIME) {
    const some = events.slice(from, from + LINES_AT_A_TIME);
    yield some.map(({ index, time, ...rest }) => `${JSON.stringify({ index, time, ...rest })}\n`).join("");
  }
}
