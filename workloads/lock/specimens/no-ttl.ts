import { singleServerLock } from "../locks/single-server.ts";
import type { Specimen } from "./specimen.ts";

/** A holder that ends without a release keeps the lock for good. */
export const noTtl: Specimen = {
  flaw: "its key has no time to live",
  lock: singleServerLock("no-ttl", {
    grant: async (server, key, value) => ((await server.setnx(key, value)) === 1 ? {} : null),
  }),
};
