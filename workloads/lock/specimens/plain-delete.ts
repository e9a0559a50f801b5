import { grantFree, singleServerLock } from "../locks/single-server.ts";
import type { Specimen } from "./specimen.ts";

/** A release that comes too late frees the lock of the client that has it by then. */
export const plainDelete: Specimen = {
  flaw: "its release deletes whatever lock is there",
  lock: singleServerLock("plain-delete", {
    grant: grantFree,
    free: async (server, key) => (await server.del(key)) === 1,
  }),
};
