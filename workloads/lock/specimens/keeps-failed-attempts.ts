import { redlockLock } from "../locks/redlock.ts";
import type { Specimen } from "./specimen.ts";

/** What it got of a lock that it did not get is in everybody's way, also in its own, until it expires. */
export const keepsFailedAttempts: Specimen = {
  flaw: "it does not give back what it got of a lock that it did not get",
  lock: redlockLock("keeps-failed-attempts", { releasesFailed: false }),
};
