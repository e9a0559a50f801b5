/** An extension that takes the lock anew when it is free: others may have had it, and let it go, in between. */
import type { Redis } from "ioredis";

/**
 * KEYS[1] the lock, ARGV[1] the holder's value, ARGV[2] the time to live in ms. Returns 1 when it is the holder's now,
 * 0 when another client has it.
 */
const EXTEND_OR_TAKE = `
local value = redis.call("GET", KEYS[1])
if value and value ~= ARGV[1] then return 0 end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return 1`;

export async function extendOrTake(server: Redis, key: string, value: string, ttlMs: number): Promise<boolean> {
  return (await server.eval(EXTEND_OR_TAKE, 1, key, value, ttlMs)) === 1;
}
