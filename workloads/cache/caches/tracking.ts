/**
 * Copies that are kept fresh by the server's tracking: it tells of every key that was read when anybody writes it
 * (https://redis.io/docs/latest/develop/reference/client-side-caching/). When one of its connections is lost the copies
 * go, until tracking is in force again.
 */
import type { CacheAdapter } from "../adapter.ts";
import { copiedCache } from "./copied-cache.ts";
import { Copies } from "./copies.ts";
import { LEASE_MS } from "./heartbeat.ts";
import { trackingSource } from "./tracking-source.ts";
import type { TrackingFlaws } from "./tracking-source.ts";

export interface TrackedCacheFlaws extends TrackingFlaws {
  readonly keepsCopiesWhenLost?: boolean;
}

export function trackedCache(name: string, flaws: TrackedCacheFlaws = {}): CacheAdapter {
  return {
    kind: "cache",
    name,
    writes: ["set", "invalidate", "direct"],
    behindMs: LEASE_MS,
    async open({ redis }) {
      const data = redis();
      const ears = redis(0, { protocol: 2, autoResubscribe: false });
      const copies = new Copies();
      const listener = {
        changed: (key?: string) => (key === undefined ? copies.clear() : copies.invalidate(key)),
        lost: () => {
          if (flaws.keepsCopiesWhenLost !== true) copies.clear();
        },
      };
      const source = trackingSource(data, ears, listener, flaws);
      await source.ready;
      return copiedCache({
        copies,
        source,
        fetch: (key) => data.get(key),
        set: (key, value) => data.set(key, value),
        // The server tells by itself.
        invalidate: () => Promise.resolve(),
      });
    },
  };
}

export const tracking = trackedCache("tracking");
