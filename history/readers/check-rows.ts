/**
 * What no run can have produced: indexes that are there twice, some times only, and processes that do not do one thing
 * after the other.
 */
import { NEMESIS_PROCESS, NO_PARTNER, TYPE } from "../columns/columns.ts";
import { HistoryError } from "../history-error.ts";
import type { Rows } from "../columns/rows.ts";

/**
 * @param source what was read, for messages.
 * @returns for each row the row of its partner; see `Columns.partner`.
 * @throws HistoryError that names the line.
 */
export function checkRows(rows: Rows, source: string): Int32Array {
  checkIndexes(rows, source);
  checkTimes(rows, source);
  return checkProcesses(rows, source);
}

/** Two events with one index are two histories in one file, or a line that was copied. */
function checkIndexes({ index: indexes, length, line: lines, time }: Rows, source: string): void {
  if (indexes === undefined) return;
  const lineOf = new Map<number, number>();
  let last = -1;
  for (let row = 0; row < length; row += 1) {
    const index = indexes[row] as number;
    if (index < 0) continue;
    const line = lines[row] as number;
    const twin = lineOf.get(index);
    if (twin !== undefined) throw new HistoryError(source, line, `index ${index} is already that of line ${twin}`);
    if (Number.isNaN(time[row]) && index < last) {
      throw new HistoryError(
        source,
        line,
        `index ${index} comes after ${last}; without times, lines must stand in their order`,
      );
    }
    lineOf.set(index, line);
    last = index;
  }
}

function checkTimes({ timedLine, untimedLine }: Rows, source: string): void {
  if (timedLine === 0 || untimedLine === 0) return;
  throw new HistoryError(
    source,
    Math.max(timedLine, untimedLine),
    `lines ${timedLine} and ${untimedLine} disagree: give every event a time, or none`,
  );
}

/**
 * A process is single-threaded: it wrote its lines in the order in which things happened to it, one operation after the
 * other.
 */
function checkProcesses(rows: Rows, source: string): Int32Array {
  const { length, process, type, f, time, line } = rows;
  const partner = new Int32Array(length).fill(NO_PARTNER);
  const states = new Map<number, ProcessState>();
  const refuse = (row: number, problem: string): never => {
    const name = rows.processName(process[row] as number);
    throw new HistoryError(source, line[row] as number, `process ${name} ${problem}`);
  };
  const name = (row: number): string => rows.names[f[row] as number] as string;
  for (let row = 0; row < length; row += 1) {
    const number = process[row] as number;
    let state = states.get(number);
    if (state === undefined) states.set(number, (state = { last: row, open: NO_PARTNER, lost: false }));
    const { last, open } = state;
    state.last = row;
    if ((time[row] as number) < (time[last] as number))
      refuse(
        row,
        `has time ${time[row]}, but its line ${line[last]} before has ${time[last]}: the lines are out of order`,
      );
    if (number === NEMESIS_PROCESS) continue;
    if (state.lost) refuse(row, `acts after the info of line ${line[last]}: it must go on under a new number`);
    if (type[row] === TYPE.invoke) {
      if (open !== NO_PARTNER)
        refuse(row, `invokes ${name(row)} while its ${name(open)} of line ${line[last]} is still open`);
      state.open = row;
      continue;
    }
    if (open === NO_PARTNER) refuse(row, `completes ${name(row)} without having invoked it`);
    if (f[open] !== f[row]) refuse(row, `completes ${name(row)}, but invoked ${name(open)} in line ${line[open]}`);
    partner[row] = open;
    partner[open] = row;
    state.open = NO_PARTNER;
    state.lost = type[row] === TYPE.info;
  }
  return partner;
}

interface ProcessState {
  /** Its row before this one. */
  last: number;
  /** The row of its open invocation, or `NO_PARTNER`. */
  open: number;
  /** Whether its last operation ended with an info. */
  lost: boolean;
}
