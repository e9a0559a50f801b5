/** Which completion belongs to which invocation: one open transaction per process, one after the other. */
import type { Columns } from "../../../history/columns/columns.ts";
import { NEMESIS_PROCESS, TYPE } from "../../../history/columns/columns.ts";
import { MisuseError } from "../../analysis.ts";
import { PairTable } from "../../kit/pair-table.ts";
import type { Transactions } from "./transactions.ts";
import { NEVER, NO_INVOCATION, NONE } from "./transactions.ts";

export type Pairs = Pick<
  Transactions,
  "length" | "invoked" | "completed" | "outcome" | "process" | "processes" | "ofEvent" | "withoutInvocation"
>;

/** Invocations and their completions. @throws MisuseError when a process does not do one thing after the other. */
export function pairsIn(columns: Columns): Pairs {
  const { length: events, type } = columns;
  const invoked = new Int32Array(events);
  const completed = new Int32Array(events).fill(NEVER);
  const outcome = new Uint8Array(events).fill(TYPE.info);
  const process = new Int32Array(events);
  const ofEvent = new Int32Array(events).fill(NONE);
  const table = new PairTable(64);
  /** For each process its open transaction, or `NONE`. */
  const open: number[] = [];
  /** For each process the `info` that ended it, or `NONE`. */
  const ended: number[] = [];
  let [length, withoutInvocation] = [0, 0];
  for (let event = 0; event < events; event += 1) {
    const name = columns.process[event] as number;
    if (name === NEMESIS_PROCESS) continue;
    const p = table.getOrSet(name, 0, open.length);
    if (p === open.length) {
      open.push(NONE);
      ended.push(NONE);
    }
    if (ended[p] !== NONE)
      refuse(
        event,
        `acts after its info (${place(columns, ended[p] as number)}); whatever it still does needs another process id`,
      );
    let t = open[p] as number;
    if (type[event] === TYPE.invoke) {
      if (t !== NONE)
        refuse(
          event,
          `begins a transaction while its last one (${place(columns, invoked[t] as number)}) is still open`,
        );
      t = length;
      length += 1;
      invoked[t] = event;
      process[t] = p;
      ofEvent[event] = t;
      open[p] = t;
      continue;
    }
    if (t === NONE) {
      t = length;
      length += 1;
      withoutInvocation += 1;
      invoked[t] = NO_INVOCATION;
      process[t] = p;
    }
    ofEvent[event] = t;
    completed[t] = event;
    outcome[t] = type[event] as number;
    open[p] = NONE;
    if (type[event] === TYPE.info) ended[p] = event;
  }
  return {
    length,
    invoked: invoked.subarray(0, length),
    completed: completed.subarray(0, length),
    outcome: outcome.subarray(0, length),
    process: process.subarray(0, length),
    processes: open.length,
    ofEvent,
    withoutInvocation,
  };

  function refuse(event: number, problem: string): never {
    throw new MisuseError(`process ${columns.process[event]} ${problem}`, event, columns);
  }
}

function place(columns: Columns, event: number): string {
  const line = columns.line?.[event];
  return line === undefined ? `event ${event}` : `line ${line}`;
}
