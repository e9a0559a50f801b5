/**
 * The history of a run, read while it is written: for faults that wait for an event, or that strike the holder of a
 * lock.
 */
import { HistoryFollower } from "../history/live/follow.ts";
import type { EventListener } from "../history/live/follow.ts";
import type { Plan } from "../history/plan.ts";
import type { LiveHistory } from "../nemesis/fault.ts";
import { LockHolders } from "../nemesis/lock-holders.ts";
import { namesHolder } from "../nemesis/targets.ts";

export class RunningHistory implements LiveHistory, Disposable {
  readonly #now: () => number;
  readonly #holders = new LockHolders();
  readonly #follower: HistoryFollower | undefined;

  /**
   * @param file is followed only where the plan needs that: it costs the coordinator a few percent of a core.
   * @param now nanoseconds since the start of the run.
   * @param onError told when the history cannot be followed any more.
   */
  constructor(plan: Plan, file: string, now: () => number, onError: (error: Error) => void) {
    this.#now = now;
    if (!plan.faults.some(needsHistory)) return;
    this.#follower = new HistoryFollower(file, onError);
    this.#follower.subscribe((event) => this.#holders.hear(event));
  }

  subscribe(listener: EventListener): () => void {
    if (this.#follower === undefined)
      throw new Error("no fault of this plan waits for an event, so nobody reads along");
    return this.#follower.subscribe(listener);
  }

  now(): number {
    return this.#now();
  }

  holder(key: string | undefined): string | undefined {
    return this.#holders.holder(key);
  }

  [Symbol.dispose](): void {
    this.#follower?.[Symbol.dispose]();
  }
}

function needsHistory({ start, end, options }: Plan["faults"][number]): boolean {
  const waits = [start, end].some((moment) => moment?.on !== undefined && "event" in moment.on);
  return waits || Object.values(options).some(namesHolder);
}
