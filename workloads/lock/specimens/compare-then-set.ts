/**
 * An extension in two commands: between its answer and the next one the lock can expire and be granted to another
 * client, whose lock is overwritten then.
 */
import type { Prolong } from "../locks/single-server.ts";

export const compareThenSet: Prolong = async (server, key, value, ttlMs) =>
  (await server.get(key)) === value && (await server.set(key, value, "PX", ttlMs)) === "OK";
