import { simple } from "../locks/simple.ts";
import { watchedLock } from "../locks/watched.ts";
import type { Specimen } from "./specimen.ts";

/**
 * A connection that is lost for a moment is enough: nobody keeps the lock alive from then on, and its holder goes on to
 * believe.
 */
export const watchdogEndsAtError: Specimen = {
  flaw: "its watchdog ends with the first refresh that fails, and says nothing",
  lock: watchedLock("watchdog-ends-at-error", simple, { heedsFailures: false, outlivesErrors: false }),
};
