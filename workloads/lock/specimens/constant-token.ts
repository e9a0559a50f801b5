import { grantFree, singleServerLock } from "../locks/single-server.ts";
import type { Specimen } from "./specimen.ts";

/** A resource cannot tell a former holder from the present one. */
export const constantToken: Specimen = {
  flaw: "every grant has the same fencing token",
  lock: singleServerLock("constant-token", {
    grant: async (server, key, value, ttlMs) => {
      const granted = await grantFree(server, key, value, ttlMs);
      return granted && { token: 1 };
    },
  }),
};
