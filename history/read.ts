/** Reading a history file: JSON lines of this or another tool, in any order in which several processes wrote them. */
import { withoutLines } from "./columns/view.ts";
import { History } from "./history.ts";
import type { LoadedHistory } from "./readers/history-reader.ts";
import { JsonlReader } from "./readers/jsonl-reader.ts";
import { loadHistory } from "./load.ts";
import type { LoadOptions } from "./load.ts";

export interface ReadHistory {
  readonly history: History;
  /** What was accepted but should be known, such as a last line that was cut off. */
  readonly warnings: readonly string[];
}

/**
 * Reads a history file, of any format that `loadHistory` knows.
 *
 * Events come out in the order of time, numbered from 0. Without times, the order of the lines counts. A last line that
 * was cut off (a writer was killed in the middle of it) is left out with a warning.
 * @throws HistoryError when a line is damaged, when the lines of one process contradict its times, or when a process
 * completes what it did not invoke, invokes before its last operation has ended, or acts after an `info`.
 */
export async function readHistory(file: string, options: LoadOptions = {}): Promise<ReadHistory> {
  return asHistory(await loadHistory(file, options));
}

/** The same for a text of JSON lines; `name` stands for the file in messages. */
export function parseHistory(text: string, name = "history"): ReadHistory {
  const reader = new JsonlReader(name);
  reader.push(Buffer.from(text));
  return asHistory(reader.end());
}

/** As in memory, where events are known by their indexes and not by their lines. */
function asHistory({ columns, warnings }: LoadedHistory): ReadHistory {
  return { history: History.ofColumns(withoutLines(columns)), warnings };
}
