import { redlockLock } from "../locks/redlock.ts";
import type { Specimen } from "./specimen.ts";

/** There are two halves. */
export const halfQuorum: Specimen = {
  flaw: "half of the servers are enough for it, rounded down",
  lock: redlockLock("half-quorum", { quorum: (servers) => Math.floor(servers / 2) }),
};
