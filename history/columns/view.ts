/**
 * Parts of a history as views of its columns: what is not part of it belongs to no client there, as if the nemesis had
 * recorded it. Every event keeps its place, and only two columns are copied.
 */
import type { Columns } from "./columns.ts";
import { NEMESIS_PROCESS, NO_PARTNER, TYPE } from "./columns.ts";
import { NULL_WORD } from "./tape.ts";

/** @param isPart asked about the client operations, each by the index of its invocation. */
export function onlyOperations(columns: Columns, isPart: (invocation: number) => boolean): Columns {
  const process = columns.process.slice(0, columns.length);
  const partner = columns.partner.slice(0, columns.length);
  for (let i = 0; i < columns.length; i += 1) {
    if (process[i] === NEMESIS_PROCESS) continue;
    const end = columns.partner[i] ?? NO_PARTNER;
    const isCompletion = columns.type[i] !== TYPE.invoke && end !== NO_PARTNER;
    // Those that were invoked have been asked about already.
    if (isCompletion ? process[end] !== NEMESIS_PROCESS : isPart(i)) continue;
    process[i] = NEMESIS_PROCESS;
    partner[i] = NO_PARTNER;
  }
  return { ...columns, process, partner };
}

/** What these workers recorded, and the nemesis. */
export function ofWorkersOnly(columns: Columns, workers: readonly string[]): Columns {
  const words = new Set(workers.map((worker) => columns.tape.textWord(worker)));
  const worker = columns.details?.worker;
  return onlyOperations(columns, (invocation) => words.has(worker?.[invocation] ?? NULL_WORD));
}

/** Known by its events' numbers alone, as where it never stood in a file. */
export function withoutLines(columns: Columns): Columns {
  const { line: _line, ...others } = columns;
  return others;
}
