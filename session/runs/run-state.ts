/** How a run stands, from what it told of its progress. */
import type { Progress } from "../../runner/progress.ts";

export class RunState {
  phase = "start";
  /** Operations a second in the load; 0 before it. */
  perSecond = 0;
  operations = 0;
  /** Titles of the faults that are active, by their ids. */
  readonly faults = new Map<string, string>();
  readonly #started = performance.now();

  get seconds(): number {
    return (performance.now() - this.#started) / 1_000;
  }

  take(progress: Progress): void {
    switch (progress.kind) {
      case "phase":
        this.phase = progress.phase;
        break;
      case "operations":
        this.operations = progress.ok + progress.fail + progress.info;
        this.perSecond = progress.perSecond;
        break;
      case "fault":
        if (progress.moment.stage === "active") this.faults.set(progress.moment.fault, progress.moment.title);
        else if (progress.moment.stage === "healed") this.faults.delete(progress.moment.fault);
        break;
      case "note":
        break;
    }
  }
}
