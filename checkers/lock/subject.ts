/** What a claim about a lock judges, for tables of locks and for the rules that depend on it. */

/** In the order in which a table names them; `liveness` has a word of its own there. */
export const LOCK_LEVELS = [
  "grant",
  "belief",
  "resource",
  "tokens",
  "release",
  "extension",
  "false loss",
  "answer",
  "outcome",
  "leftovers",
  "load",
  "liveness",
] as const;

type LockLevel = (typeof LOCK_LEVELS)[number];

export interface LockSubject {
  readonly level: LockLevel;
  /** Several clients may hold a semaphore: only these claims say something about it. */
  readonly ofSemaphores?: true;
  /** It holds only if clients stop that have lost the lock. Fencing does not ask them. */
  readonly asksHolders?: true;
}
