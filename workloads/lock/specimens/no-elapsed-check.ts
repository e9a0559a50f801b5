import { redlockLock } from "../locks/redlock.ts";
import type { Specimen } from "./specimen.ts";

/**
 * Servers that have granted it may have forgotten it again by the time the last one of a majority answers. It also
 * waits for every answer as long as it takes: with a deadline that is small against the time to live no answer is ever
 * so late.
 */
export const noElapsedCheck: Specimen = {
  flaw: "it does not look how long the acquisition took",
  lock: redlockLock("no-elapsed-check", { checksElapsed: false, serverDeadlineShare: Infinity }),
};
