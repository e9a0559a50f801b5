/**
 * The processes of a history, numbered from 0 in the order in which they first act, so that facts about each fit a
 * typed array.
 */
import { NEMESIS_PROCESS } from "../../../history/columns/columns.ts";
import type { Columns } from "../../../history/columns/columns.ts";

/** In `Processes.of`: the event is the nemesis'. */
export const NOBODY = -1;

export interface Processes {
  /** For each event, the number of its process, or `NOBODY`. */
  readonly of: Int32Array;
  readonly count: number;
}

export function numberProcesses({ length, process }: Columns): Processes {
  const of = new Int32Array(length);
  const numberOf = new Map<number, number>();
  for (let i = 0; i < length; i += 1) {
    const name = process[i] ?? NEMESIS_PROCESS;
    if (name === NEMESIS_PROCESS) {
      of[i] = NOBODY;
      continue;
    }
    let number = numberOf.get(name);
    if (number === undefined) numberOf.set(name, (number = numberOf.size));
    of[i] = number;
  }
  return { of, count: numberOf.size };
}
