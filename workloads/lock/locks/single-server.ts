/**
 * What every lock on one server has in common: it counts the time to live from before the command is sent (so that the
 * key cannot expire earlier than the client thinks), and is released, or prolonged, by comparing first, in one script
 * (https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/#correct-implementation-with-a-single-instance).
 */
import type { Redis } from "ioredis";
import type { LockAdapter } from "../adapter.ts";
import type { CountsFrom } from "./validity.ts";
import { Validity } from "./validity.ts";

/** KEYS[1] the lock, ARGV[1] the holder's value. Returns 1 when it was deleted, 0 when it was not the holder's. */
export const COMPARE_AND_DELETE = `
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0`;

/**
 * KEYS[1] the lock, ARGV[1] the holder's value, ARGV[2] the time to live in ms. Returns 1 when it was prolonged, 0 when
 * it was not the holder's.
 */
const COMPARE_AND_EXPIRE = `
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("PEXPIRE", KEYS[1], ARGV[2]) end
return 0`;

/** Asks one server to prolong the lock. Resolves to whether it did. */
export type Prolong = (server: Redis, key: string, value: string, ttlMs: number) => Promise<boolean>;

/** Asks the server for the lock once; null when somebody else has it. */
export type Grant = (server: Redis, key: string, value: string, ttlMs: number) => Promise<{ token?: number } | null>;

/** The steps of a lock; those that are not given are the right ones. */
export interface Steps {
  readonly grant: Grant;
  /** Resolves to whether it freed the lock. */
  readonly free?: (server: Redis, key: string, value: string) => Promise<boolean>;
  readonly prolong?: Prolong;
  /** When the time to live begins, as the client counts. Default: before it is asked for. */
  readonly countsFrom?: "asked" | "granted";
  /** The same of an extension. */
  readonly extensionCountsFrom?: CountsFrom;
  /**
   * Whether it frees, as soon as the connection allows, what it has asked for without having had an answer. Default
   * false: that stays until its time to live is over.
   */
  readonly retracts?: boolean;
}

export function singleServerLock(
  name: string,
  {
    grant,
    free = freeOwn,
    prolong = prolongOwn,
    countsFrom = "asked",
    extensionCountsFrom = "asked",
    retracts = false,
  }: Steps,
): LockAdapter {
  return {
    name,
    open({ redis, clientId, log }) {
      const server = redis();
      /** Sent on the same connection, it arrives after what it takes back; nobody waits for it. */
      const retract = (key: string, value: string): void => {
        free(server, key, value).catch((error: unknown) => log(`taking back ${value}: ${(error as Error).message}`));
      };
      let attempts = 0;
      return {
        async acquire(key, ttlMs) {
          attempts += 1;
          const value = `${clientId}:${attempts}`;
          const asked = new Validity(ttlMs);
          const granted = await grant(server, key, value, ttlMs).catch((error: unknown) => {
            if (retracts) retract(key, value);
            throw error;
          });
          const validity = countsFrom === "asked" ? asked : new Validity(ttlMs);
          return (
            granted && {
              ...granted,
              release: () => free(server, key, value),
              extend: (ms) => validity.renew(ms, () => prolong(server, key, value, ms), extensionCountsFrom),
              validUntil: () => validity.until(),
            }
          );
        },
      };
    },
  };
}

/** `SET key value NX PX ttl`. */
export const grantFree: Grant = async (server, key, value, ttlMs) =>
  (await server.set(key, value, "PX", ttlMs, "NX")) === "OK" ? {} : null;

/** Resolves to whether the lock was the holder's, and is free now. */
export async function freeOwn(server: Redis, key: string, value: string): Promise<boolean> {
  return (await server.eval(COMPARE_AND_DELETE, 1, key, value)) === 1;
}

/** Compares and prolongs in one script. */
export const prolongOwn: Prolong = async (server, key, value, ttlMs) =>
  (await server.eval(COMPARE_AND_EXPIRE, 1, key, value, ttlMs)) === 1;
