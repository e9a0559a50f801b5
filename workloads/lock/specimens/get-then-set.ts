import { grantFree, singleServerLock } from "../locks/single-server.ts";
import { compareThenSet } from "./compare-then-set.ts";
import type { Specimen } from "./specimen.ts";

/** It makes its own what the next one holds, and then frees it. */
export const getThenSet: Specimen = {
  flaw: "its extension compares in one command and sets in another",
  lock: singleServerLock("get-then-set", { grant: grantFree, prolong: compareThenSet }),
};
