import { watchedLock } from "../locks/watched.ts";
import { grantFree, singleServerLock } from "../locks/single-server.ts";
import { extendOrTake } from "./extend-or-take.ts";
import type { Specimen } from "./specimen.ts";

/** Its holder is told nothing, and others may have had the lock in between. */
export const reacquiresInRefresh: Specimen = {
  flaw: "its watchdog takes a lock anew that had expired, and says nothing",
  lock: watchedLock(
    "reacquires-in-refresh",
    singleServerLock("reacquires-in-refresh", { grant: grantFree, prolong: extendOrTake }),
    { countsTtl: false },
  ),
};
