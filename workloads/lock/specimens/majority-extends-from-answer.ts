import { redlockLock } from "../locks/redlock.ts";
import type { Specimen } from "./specimen.ts";

/**
 * It also waits for every answer as long as it takes: with a deadline that is small against the time to live no answer
 * is ever so late.
 */
export const majorityExtendsFromAnswer: Specimen = {
  flaw: "it counts the time to live of an extension from the answers",
  lock: redlockLock("majority-extends-from-answer", { extensionCountsFrom: "answered", serverDeadlineShare: Infinity }),
};
