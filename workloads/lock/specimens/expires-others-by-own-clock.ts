import type { Held } from "../adapter.ts";
import type { Specimen } from "./specimen.ts";

/**
 * KEYS[1] the holders by when each one's time is over, ARGV[1] the client's clock, ARGV[2] the holder's value, ARGV[3]
 * the time to live in ms. Returns 1 when it was granted, 0 when another holder is left.
 */
const GRANT = `
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", ARGV[1])
if redis.call("ZCARD", KEYS[1]) > 0 then return 0 end
redis.call("ZADD", KEYS[1], ARGV[1] + ARGV[3], ARGV[2])
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return 1`;

/** The same arguments. Returns 1 when the holder was still there, and its time goes on. */
const REFRESH = `
if not redis.call("ZSCORE", KEYS[1], ARGV[2]) then return 0 end
redis.call("ZADD", KEYS[1], "XX", ARGV[1] + ARGV[3], ARGV[2])
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return 1`;

/** So often in its time to live a lock is refreshed. */
const REFRESHES = 3;

/** A client whose clock is ahead takes those for expired that hold the lock; they are told with their next refresh. */
export const expiresOthersByOwnClock: Specimen = {
  flaw: "its clients remove other holders by their own clock",
  lock: {
    name: "expires-others-by-own-clock",
    open({ redis, clientId, log }) {
      const server = redis();
      const watchdogs = new Set<NodeJS.Timeout>();
      let attempts = 0;
      return {
        async acquire(key, ttlMs): Promise<Held | null> {
          attempts += 1;
          const value = `${clientId}:${attempts}`;
          const run = async (script: string): Promise<boolean> =>
            (await server.eval(script, 1, key, Date.now(), value, ttlMs)) === 1;
          if (!(await run(GRANT))) return null;
          const lost = new AbortController();
          const stop = (): void => {
            clearInterval(watchdog);
            watchdogs.delete(watchdog);
          };
          const refresh = async (): Promise<void> => {
            if (await run(REFRESH)) return;
            stop();
            lost.abort();
          };
          const watchdog = setInterval(() => {
            refresh().catch((error: unknown) => log(`refresh: ${(error as Error).message}`));
          }, ttlMs / REFRESHES);
          watchdogs.add(watchdog);
          return {
            signal: lost.signal,
            release: async () => {
              stop();
              return (await server.zrem(key, value)) === 1;
            },
          };
        },
        close: () => {
          for (const watchdog of watchdogs) clearInterval(watchdog);
          return Promise.resolve();
        },
      };
    },
  },
};
