/** A whole history in memory: events in the order of time, and the operations that they form. */
import type { HistoryEvent, Operation } from "./operation.ts";
import { NEMESIS } from "./operation.ts";

export class History {
  /** Events by index; in a whole history `events[i].index === i`. */
  readonly events: readonly HistoryEvent[];
  /** Client operations by the time of their invocation. */
  readonly operations: readonly Operation[];
  /** Events of the nemesis, in order. */
  readonly nemesis: readonly HistoryEvent[];

  /**
   * @param events in the order of time, with indexes from 0, or a part of such.
   * @throws RangeError when a process invokes while its last operation is open, or completes what it did not invoke.
   */
  constructor(events: readonly HistoryEvent[]) {
    this.events = events;
    this.nemesis = events.filter((event) => event.process === NEMESIS);
    this.operations = pairOperations(events);
  }

  /** What these workers and the nemesis recorded. Events keep their indexes. */
  ofWorkers(workers: readonly string[]): History {
    return new History(
      this.events.filter(({ process, worker }) => process === NEMESIS || workers.includes(worker ?? "")),
    );
  }
}

function pairOperations(events: readonly HistoryEvent[]): Operation[] {
  const operations: { process: number; f: string; invoke: HistoryEvent; completion?: HistoryEvent }[] = [];
  const open = new Map<number, number>();
  for (const event of events) {
    if (event.process === NEMESIS) continue;
    const position = open.get(event.process);
    if (event.type === "invoke") {
      if (position !== undefined) {
        throw new RangeError(
          `event ${event.index}: process ${event.process} invokes ${event.f} while its ${operations[position]?.f} is still open`,
        );
      }
      open.set(event.process, operations.length);
      operations.push({ process: event.process, f: event.f, invoke: event });
      continue;
    }
    const operation = position === undefined ? undefined : operations[position];
    if (operation === undefined || operation.f !== event.f) {
      throw new RangeError(
        `event ${event.index}: process ${event.process} completes ${event.f}, which it did not invoke`,
      );
    }
    operation.completion = event;
    open.delete(event.process);
  }
  return operations;
}
