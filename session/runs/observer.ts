/** What a session tells those who watch it. Nothing in a session depends on who listens. */
import type { Plan } from "../../history/plan.ts";
import type { Observer } from "../../runner/progress.ts";
import type { CampaignEnd } from "./campaign-end.ts";

export interface SessionObserver {
  /** A sentence for people: what is fetched first, what an earlier call left behind, what could not be written. */
  readonly notice: (sentence: string) => void;
  /** A run is about to begin. @returns who watches it */
  readonly begins: (run: RunTitle) => RunWatcher;
  /** A run has ended, its end is recorded, and the list of all runs has it. */
  readonly recorded: (end: CampaignEnd) => void;
}

interface RunTitle extends Pick<Plan, "campaign" | "seed"> {
  /** The lock that is tested instead of the campaign's own. */
  readonly adapter?: string | undefined;
}

export interface RunWatcher {
  readonly observer: Observer;
  /** The run was judged, or there is nothing to judge. */
  readonly ended: (end: CampaignEnd) => void;
}
