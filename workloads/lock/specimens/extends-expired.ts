import { grantFree, singleServerLock } from "../locks/single-server.ts";
import { extendOrTake } from "./extend-or-take.ts";
import type { Specimen } from "./specimen.ts";

/** What its holder has read may have been changed by others that had the lock in between. */
export const extendsExpired: Specimen = {
  flaw: "its extension brings back a lock that had expired",
  lock: singleServerLock("extends-expired", { grant: grantFree, prolong: extendOrTake }),
};
