/**
 * The simple lock with a fencing token (Kleppmann 2016, "How to do distributed locking"): the token is minted by the
 * same script that grants the lock, so a later grant always has a higher one while the server keeps its data.
 */
import type { Grant } from "./single-server.ts";
import { singleServerLock } from "./single-server.ts";

/**
 * KEYS[1] the lock, KEYS[2] the token counter; ARGV[1] the holder's value, ARGV[2] the time to live in ms. Returns the
 * token, or nil.
 */
const GRANT_WITH_TOKEN = `
if not redis.call("SET", KEYS[1], ARGV[1], "NX", "PX", ARGV[2]) then return false end
return redis.call("INCR", KEYS[2])`;

export const grantWithToken: Grant = async (server, key, value, ttlMs) => {
  const token = await server.eval(GRANT_WITH_TOKEN, 2, key, `${key}:token`, value, ttlMs);
  return token === null ? null : { token: Number(token) };
};

export const fenced = singleServerLock("fenced", { grant: grantWithToken });
