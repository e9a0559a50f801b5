/** What a session is asked to make. */
import type { Plan } from "../../history/plan.ts";

/** One run that is to be made. */
export interface Job {
  readonly plan: Plan;
  /** The command that repeats it. */
  readonly commandLine: string;
  /** Why it is not run, where that was known before. */
  readonly refused?: string | undefined;
  /** The lock that is tested instead of the campaign's own. */
  readonly lock?: string | undefined;
  /** Whether it did not end well before. */
  readonly again?: boolean;
}
