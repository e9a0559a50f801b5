/**
 * Copies that are kept fresh by Pub/Sub: who writes the store tells everybody in the same transaction. Pub/Sub delivers
 * at most once (https://redis.io/docs/latest/develop/pubsub/#delivery-semantics), so whenever the subscription is lost
 * the copies go, until it is in force again. A writer that dies between a direct write and its message leaves stale
 * copies behind.
 */
import type { Redis } from "ioredis";
import type { CacheAdapter } from "../adapter.ts";
import { CHANNEL, channelSource } from "./channel.ts";
import type { ChannelFlaws } from "./channel.ts";
import { copiedCache } from "./copied-cache.ts";
import { Copies } from "./copies.ts";
import { LEASE_MS } from "./heartbeat.ts";

export interface PubsubFlaws extends ChannelFlaws {
  readonly keepsCopiesWhenLost?: boolean;
  readonly ignoresChangesOfFetches?: boolean;
  readonly alwaysFresh?: boolean;
  /** How it writes, instead of in one transaction. */
  readonly writes?: (server: Redis, other: Redis, key: string, value: string) => Promise<unknown>;
}

export function pubsubCache(name: string, flaws: PubsubFlaws = {}): CacheAdapter {
  const { keepsCopiesWhenLost = false, ignoresChangesOfFetches = false, alwaysFresh = false, writes } = flaws;
  return {
    kind: "cache",
    name,
    writes: ["set", "invalidate"],
    behindMs: LEASE_MS,
    async open({ redis }) {
      const data = redis();
      const other = redis();
      const copies = new Copies({ spoilsFetches: !ignoresChangesOfFetches });
      const listener = {
        changed: (key?: string) => (key === undefined ? copies.clear() : copies.invalidate(key)),
        lost: () => {
          if (!keepsCopiesWhenLost && !alwaysFresh) copies.clear();
        },
        back: () => {
          if (!keepsCopiesWhenLost) copies.clear();
        },
      };
      const source = channelSource(redis(0, { autoResubscribe: false }), listener, flaws);
      await source.ready;
      return copiedCache({
        copies,
        source,
        alwaysFresh,
        fetch: (key) => data.get(key),
        set: (key, value) => (writes ?? inOneTransaction)(data, other, key, value),
        invalidate: (key) => data.publish(CHANNEL, key),
      });
    },
  };
}

/** @throws what either of the two commands was answered with. */
async function inOneTransaction(server: Redis, _other: Redis, key: string, value: string): Promise<void> {
  for (const [error] of (await server.multi().set(key, value).publish(CHANNEL, key).exec()) ?? [])
    if (error !== null) throw error;
}

export const pubsub = pubsubCache("pubsub");
