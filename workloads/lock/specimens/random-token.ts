import { grantFree, singleServerLock } from "../locks/single-server.ts";
import type { Specimen } from "./specimen.ts";

/** Larger numbers are not exact in JavaScript. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/**
 * The value by which a lock knows its owner, as Redlock's, tells holders apart, and not which of them came later
 * (Kleppmann 2016).
 */
export const randomToken: Specimen = {
  flaw: "its fencing token is a random value",
  lock: {
    ...singleServerLock("random-token", { grant: grantFree }),
    async open(environment) {
      const client = await singleServerLock("random-token", { grant: grantFree }).open(environment);
      return {
        ...client,
        async acquire(key, ttlMs, wait) {
          const held = await client.acquire(key, ttlMs, wait);
          return held && { ...held, token: environment.random.integer(1, LARGEST) };
        },
      };
    },
  },
};
