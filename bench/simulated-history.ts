/**
 * Histories of an object that behaves: every operation takes effect at some moment between its invocation and its
 * completion.
 */
import { columnsOf } from "../history/columns/columns.ts";
import type { Columns } from "../history/columns/columns.ts";
import type { EventType, HistoryEvent, Json } from "../history/operation.ts";
import type { Draw } from "./draw.ts";

export interface Simulation<State> {
  readonly operations: number;
  readonly processes: number;
  readonly initial: State;
  /** What a process asks next. @param count how many operations came before. */
  ask(draw: Draw, count: number): { readonly f: string; readonly value: Json };
  /** The state afterwards, and the answer; null when it is refused (`fail`). */
  act(
    state: State,
    asked: { readonly f: string; readonly value: Json },
  ): { readonly state: State; readonly answer: Json } | null;
  /** One in so many operations crashes: half of those take effect, at any later moment or at once. */
  readonly crashOneIn?: number;
  /**
   * One in so many events is another process' turn; more makes operations overlap more. Default: each process is as
   * likely as any other.
   */
  readonly draw: Draw;
}

interface Open {
  readonly asked: { readonly f: string; readonly value: Json };
  /** Undefined before it took effect. */
  answer?: { readonly value: Json; readonly refused: boolean };
}

export function simulatedHistory<State>(simulation: Simulation<State>): Columns {
  const { operations, processes, draw, crashOneIn = 0 } = simulation;
  const events: HistoryEvent[] = [];
  let state = simulation.initial;
  let begun = 0;
  let nextProcess = processes;
  const processOf = Array.from({ length: processes }, (_, i) => i);
  const open: (Open | undefined)[] = Array.from({ length: processes });
  const late: Open[] = [];
  const add = (process: number, type: EventType, f: string, value: Json): void => {
    events.push({ index: events.length, time: events.length * 1_000, process, type, f, value });
  };
  const takeEffect = (operation: Open): void => {
    const result = simulation.act(state, operation.asked);
    operation.answer = { value: result?.answer ?? null, refused: result === null };
    state = result?.state ?? state;
  };
  while (begun < operations || open.some((each) => each !== undefined)) {
    if (late.length > 0 && draw(50) === 0) {
      const [operation] = late.splice(draw(late.length), 1);
      if (operation !== undefined) takeEffect(operation);
    }
    const worker = draw(processes);
    const process = processOf[worker] ?? 0;
    const operation = open[worker];
    if (operation === undefined) {
      if (begun === operations) continue;
      const asked = simulation.ask(draw, begun);
      begun += 1;
      add(process, "invoke", asked.f, asked.value);
      open[worker] = { asked };
      continue;
    }
    const { asked } = operation;
    if (operation.answer === undefined && crashOneIn > 0 && draw(crashOneIn) === 0) {
      add(process, "info", asked.f, asked.value);
      if (draw(2) === 0) late.push(operation);
      processOf[worker] = nextProcess;
      nextProcess += 1;
      open[worker] = undefined;
      continue;
    }
    if (operation.answer === undefined) {
      takeEffect(operation);
      continue;
    }
    const { refused, value } = operation.answer;
    add(process, refused ? "fail" : "ok", asked.f, refused ? asked.value : value);
    open[worker] = undefined;
  }
  return columnsOf({ events });
}
