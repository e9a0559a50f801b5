import { grantFree, singleServerLock } from "../locks/single-server.ts";
import type { Specimen } from "./specimen.ts";

/**
 * The server has counted from when it was asked: for as long as its answer took, the client believes in a lock that may
 * be over.
 */
export const extendsFromAnswer: Specimen = {
  flaw: "it counts the time to live of an extension from its answer",
  lock: singleServerLock("extends-from-answer", { grant: grantFree, extensionCountsFrom: "answered" }),
};
