/**
 * The fenced lock on a replicated server: a grant counts only when a replica has it, and with it the token
 * (https://redis.io/docs/latest/commands/wait/). Whichever server is promoted then, as long as it is one that is not
 * behind that replica, has heard of every token that a client was told.
 */
import { freeOwn, singleServerLock } from "./single-server.ts";
import { grantWithToken } from "./fenced.ts";

/** So many replicas have to acknowledge a grant. */
const REPLICAS = 1;
/** How long they may take, as a share of the time to live. */
const ACKNOWLEDGED_SHARE = 0.1;

export const fencedAcknowledged = {
  ...singleServerLock("fenced-acknowledged", {
    grant: async (server, key, value, ttlMs) => {
      const granted = await grantWithToken(server, key, value, ttlMs);
      if (granted === null || (await server.wait(REPLICAS, ttlMs * ACKNOWLEDGED_SHARE)) >= REPLICAS) return granted;
      await freeOwn(server, key, value);
      return null;
    },
  }),
  systems: ["sentinel"],
} as const;
