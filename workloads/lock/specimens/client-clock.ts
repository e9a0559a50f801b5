import { COMPARE_AND_DELETE } from "../locks/single-server.ts";
import { Validity } from "../locks/validity.ts";
import type { Specimen } from "./specimen.ts";

/**
 * KEYS[1] the lock, ARGV[1] the holder's value, ARGV[2] the time to live in ms. The key's value ends with when it is
 * over, by the server's clock, in milliseconds. Returns what is there: the holder's own, or another's.
 */
const GRANT_WITH_END = `
local time = redis.call("TIME")
local own = ARGV[1] .. "@" .. (time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2])
if redis.call("SETNX", KEYS[1], own) == 1 then return own end
return redis.call("GET", KEYS[1])`;

/** A client whose clock is ahead takes a lock for expired that another one holds. */
export const clientClock: Specimen = {
  flaw: "its clients compare their own clock with the server's to see whether a lock has expired",
  lock: {
    name: "client-clock",
    open({ redis, clientId }) {
      const server = redis();
      let attempts = 0;
      return {
        async acquire(key, ttlMs) {
          attempts += 1;
          const value = `${clientId}:${attempts}`;
          const validity = new Validity(ttlMs);
          const found = String(await server.eval(GRANT_WITH_END, 1, key, value, ttlMs));
          const [, until] = found.split("@");
          if (found.startsWith(`${value}@`))
            return {
              release: async () => (await server.eval(COMPARE_AND_DELETE, 1, key, found)) === 1,
              validUntil: () => validity.until(),
            };
          // Only the one that is over is removed, so that the others who see it do not remove the next.
          if (Number(until) < Date.now()) await server.eval(COMPARE_AND_DELETE, 1, key, found);
          return null;
        },
      };
    },
  },
};
