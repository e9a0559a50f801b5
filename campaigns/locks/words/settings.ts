/** The two kinds of locks that a schedule can be put to: those on one server, and those on a majority of servers. */
import type { SystemPlan } from "../../../history/plan.ts";
import type { Campaign } from "../../../runner/campaign.ts";

export interface LockSetting {
  /** Before the schedule's own name. */
  readonly prefix: "lock" | "redlock";
  readonly system: SystemPlan;
  /** The reference, which is tested where no other lock is asked for. */
  readonly lock: string;
  /** The same with a watchdog. */
  readonly watched: string;
  /** The smallest number of servers without which no lock is granted. */
  readonly decisive: readonly string[];
  /** In titles and descriptions: `a lock on one server`. */
  readonly aLock: string;
}

const ONE: LockSetting = {
  prefix: "lock",
  system: { kind: "single", options: {} },
  lock: "simple",
  watched: "watched",
  decisive: ["n1"],
  aLock: "a lock on one server",
};

export const MAJORITY: LockSetting = {
  prefix: "redlock",
  system: { kind: "independent", options: { nodes: 3 } },
  lock: "redlock",
  watched: "redlock-watched",
  decisive: ["n1", "n2"],
  aLock: "a lock on a majority of three servers",
};

/**
 * So long a client pauses after a lock, at most: for most of the time the lock is free, so that a client which hangs is
 * told from one that waits behind others.
 */
export const IDLE_MS = 60;

/** The same schedule for both kinds of locks. */
export function forBoth<Declared extends Campaign>(
  declare: (setting: LockSetting) => Declared,
): readonly [one: Declared, majority: Declared] {
  return [declare(ONE), declare(MAJORITY)];
}
