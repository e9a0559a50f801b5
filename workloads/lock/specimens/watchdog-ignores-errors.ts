import { simple } from "../locks/simple.ts";
import { watchedLock } from "../locks/watched.ts";
import type { Specimen } from "./specimen.ts";

/** Its holder goes on to believe, however long ago the last refresh was that did anything. */
export const watchdogIgnoresErrors: Specimen = {
  flaw: "its watchdog ignores that a refresh failed",
  lock: watchedLock("watchdog-ignores-errors", simple, { heedsFailures: false }),
};
