import { grantFree, singleServerLock } from "../locks/single-server.ts";
import type { Specimen } from "./specimen.ts";

/** Between the two commands the lock can expire and be granted to another client. */
export const getThenDelete: Specimen = {
  flaw: "its release compares in one command and deletes in another",
  lock: singleServerLock("get-then-delete", {
    grant: grantFree,
    free: async (server, key, value) => (await server.get(key)) === value && (await server.del(key)) === 1,
  }),
};
