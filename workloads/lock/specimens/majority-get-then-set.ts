import { redlockLock } from "../locks/redlock.ts";
import { compareThenSet } from "./compare-then-set.ts";
import type { Specimen } from "./specimen.ts";

/**
 * It makes its own what the next one holds on a majority, and then frees it. It also waits for every answer as long as
 * it takes.
 */
export const majorityGetThenSet: Specimen = {
  flaw: "its extension compares in one command and sets in another, on each server",
  lock: redlockLock("majority-get-then-set", { prolong: compareThenSet, serverDeadlineShare: Infinity }),
};
