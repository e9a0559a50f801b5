/**
 * Histories of a lock that several clients acquire and release all the time, one after the other.
 */
import { columnsOf } from "../history/columns/columns.ts";
import type { Columns } from "../history/columns/columns.ts";
import type { EventType, HistoryEvent } from "../history/operation.ts";
import type { Draw } from "./draw.ts";

interface LockSimulation {
  readonly operations: number;
  readonly processes: number;
  /** After so many operations, it is given to one more client while another still has it. Default: never. */
  readonly givenTwiceAfter?: number;
  readonly draw: Draw;
}

/** What a client is about to do; `granted` and `freed` have taken effect, and only the answer is still missing. */
type Phase = "idle" | "waiting" | "granted" | "holding" | "releasing" | "freed";

export function simulatedLock({ operations, processes, draw, givenTwiceAfter = Infinity }: LockSimulation): Columns {
  const events: HistoryEvent[] = [];
  const phases = Array.from({ length: processes }, (): Phase => "idle");
  const add = (process: number, type: EventType, f: string): void => {
    events.push({ index: events.length, time: events.length * 1_000, process, type, f, value: null });
  };
  let free = true;
  let completed = 0;
  let twice = false;
  while (completed < operations) {
    const process = draw(processes);
    switch (phases[process]) {
      case "waiting":
        if (!free && (twice || completed < givenTwiceAfter || !phases.includes("holding"))) break;
        twice ||= !free;
        free = false;
        phases[process] = "granted";
        break;
      case "granted":
        add(process, "ok", "acquire");
        phases[process] = "holding";
        completed += 1;
        break;
      case "holding":
        add(process, "invoke", "release");
        phases[process] = "releasing";
        break;
      case "releasing":
        free = true;
        phases[process] = "freed";
        break;
      case "freed":
        add(process, "ok", "release");
        phases[process] = "idle";
        completed += 1;
        break;
      case "idle":
      case undefined:
        add(process, "invoke", "acquire");
        phases[process] = "waiting";
    }
  }
  return columnsOf({ events });
}
