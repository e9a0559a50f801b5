import { grantFree, singleServerLock } from "../locks/single-server.ts";
import type { Specimen } from "./specimen.ts";

/**
 * The server has counted from when it was asked: for as long as its answer took, the client believes in a lock that may
 * be over.
 */
export const ttlFromEnd: Specimen = {
  flaw: "it counts the time to live from the end of the acquisition",
  lock: singleServerLock("ttl-from-end", { grant: grantFree, countsFrom: "granted" }),
};
