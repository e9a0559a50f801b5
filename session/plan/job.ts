/** What a session is asked to make. */
import type { Plan } from "../../history/plan.ts";

/** One run that is to be made. */
export interface Job {
  readonly plan: Plan;
  /** The command that repeats it. */
  readonly commandLine: string;
  /** Why it is not run, where that was known before. */
  readonly refused?: string | undefined;
  /** The adapter that is tested instead of the campaign's own. */
  readonly adapter?: string | undefined;
  /** Whether it did not end well before. */
  readonly again?: boolean;
}

/** A line for each run that comes first because it did not end well before. */
export function againInWords(jobs: readonly Job[]): string[] {
  return jobs
    .filter(({ again }) => again)
    .map(({ plan }) => `first again: ${plan.campaign} (seed ${plan.seed}), which did not end well before`);
}
