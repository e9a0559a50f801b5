import { singleServerLock } from "../locks/single-server.ts";
import type { Specimen } from "./specimen.ts";

/** A client that ends between the two commands leaves a lock that never expires. */
export const setnxThenExpire: Specimen = {
  flaw: "its grant sets the key in one command and the time to live in another",
  lock: singleServerLock("setnx-then-expire", {
    grant: async (server, key, value, ttlMs) => {
      if ((await server.setnx(key, value)) === 0) return null;
      await server.pexpire(key, ttlMs);
      return {};
    },
  }),
};
