import { grantFree, singleServerLock } from "../locks/single-server.ts";
import type { Specimen } from "./specimen.ts";

/** A holder that has lost the lock prolongs that of the next one, and takes it for its own. */
export const extendsUnchecked: Specimen = {
  flaw: "its extension does not look whose lock it is",
  lock: singleServerLock("extends-unchecked", {
    grant: grantFree,
    prolong: async (server, key, _value, ttlMs) => (await server.pexpire(key, ttlMs)) === 1,
  }),
};
