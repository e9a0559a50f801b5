/**
 * What every check takes for granted of a history: a process has one open operation at a time, completes what it
 * invoked, and never acts again after an outcome that it does not know. Where this does not hold, pairing would be
 * silently wrong, and so would be the verdict.
 */
import { MisuseError } from "../../analysis.ts";
import { NO_PARTNER, TYPE } from "../../../history/columns/columns.ts";
import type { Columns } from "../../../history/columns/columns.ts";
import { NOBODY, numberProcesses } from "./processes.ts";

const IDLE = -1;
const GONE = -2;

/** @throws MisuseError at the first event that breaks an assumption. */
export function requireWellFormed(columns: Columns): void {
  const { type, f, names, partner, process, length } = columns;
  const processes = numberProcesses(columns);
  /** For each process, the index of its open invocation, `IDLE` or `GONE`. */
  const state = new Int32Array(processes.count).fill(IDLE);
  for (let i = 0; i < length; i += 1) {
    const number = processes.of[i] ?? NOBODY;
    if (number === NOBODY) continue;
    const open = state[number] ?? IDLE;
    const who = `process ${process[i]}`;
    if (type[i] === TYPE.invoke) {
      if (open === GONE)
        throw new MisuseError(
          `${who} acts again after an operation with an unknown outcome; its worker must go on under a new process id`,
          i,
          columns,
        );
      if (open !== IDLE)
        throw new MisuseError(
          `${who} invokes ${JSON.stringify(names[f[i] ?? 0])} while its operation of event ${open} is open; every client of its own needs its own process id`,
          i,
          columns,
        );
      state[number] = i;
      continue;
    }
    if (open < 0 || partner[i] !== open || partner[open] !== i)
      throw new MisuseError(
        `${who} completes an operation that it did not invoke; the history must have every invocation`,
        i,
        columns,
      );
    if (f[i] !== f[open])
      throw new MisuseError(
        `${who} invoked ${JSON.stringify(names[f[open] ?? 0])} and completes ${JSON.stringify(names[f[i] ?? 0])}; a completion must have the f of its invocation`,
        i,
        columns,
      );
    state[number] = type[i] === TYPE.info ? GONE : IDLE;
  }
  for (let i = 0; i < length; i += 1) {
    if (type[i] !== TYPE.invoke || processes.of[i] === NOBODY || partner[i] === NO_PARTNER) continue;
    if (columns.partner[partner[i] ?? 0] !== i)
      throw new MisuseError("the partner of the invocation is not its completion", i, columns);
  }
}
