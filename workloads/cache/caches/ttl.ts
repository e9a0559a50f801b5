/** Copies that nobody keeps fresh: each of them goes when its time is over, so none is behind for longer. */
import type { CacheAdapter } from "../adapter.ts";

const TTL_MS = 500;

interface Copy {
  readonly value: string | null;
  readonly until: number;
}

export function timedCache(name: string, ttlMs: number): CacheAdapter {
  return {
    kind: "cache",
    name,
    writes: ["set", "invalidate", "direct"],
    ...(Number.isFinite(ttlMs) ? { behindMs: ttlMs } : {}),
    open({ redis }) {
      const server = redis();
      const copies = new Map<string, Copy>();
      return {
        async get(key) {
          const copy = copies.get(key);
          if (copy !== undefined && performance.now() < copy.until) return copy.value;
          // Counted from before the store was asked.
          const until = performance.now() + ttlMs;
          const value = await server.get(key);
          copies.set(key, { value, until });
          return value;
        },
        async set(key, value) {
          await server.set(key, value);
          copies.delete(key);
        },
        invalidate: (key) => Promise.resolve(copies.delete(key)),
        isFresh: () => true,
      };
    },
  };
}

export const ttl = timedCache("ttl", TTL_MS);
