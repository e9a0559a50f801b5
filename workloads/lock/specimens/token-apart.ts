import { grantFree, singleServerLock } from "../locks/single-server.ts";
import type { Specimen } from "./specimen.ts";

/** When the lock has expired between the two commands, its holder gets a greater token than the next one. */
export const tokenApart: Specimen = {
  flaw: "its fencing token is minted by a command of its own",
  lock: singleServerLock("token-apart", {
    grant: async (server, key, value, ttlMs) => {
      const granted = await grantFree(server, key, value, ttlMs);
      return granted && { token: await server.incr(`${key}:token`) };
    },
  }),
};
