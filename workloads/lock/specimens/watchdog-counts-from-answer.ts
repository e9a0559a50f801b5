import { watchedLock } from "../locks/watched.ts";
import { extendsFromAnswer } from "./extends-from-answer.ts";
import type { Specimen } from "./specimen.ts";

/** An answer that comes late brings back a belief that was over. */
export const watchdogCountsFromAnswer: Specimen = {
  flaw: "its watchdog counts the time to live from the answer to a refresh",
  lock: watchedLock("watchdog-counts-from-answer", extendsFromAnswer.lock),
};
