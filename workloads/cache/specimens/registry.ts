/** All specimens: caches that are wrong on purpose, each with one flaw that is found in the field. */
import type { Specimen } from "../../adapter/shelf.ts";
import type { CacheAdapter } from "../adapter.ts";
import { CHANNEL } from "../caches/channel.ts";
import { pubsubCache } from "../caches/pubsub.ts";
import { trackedCache } from "../caches/tracking.ts";
import { timedCache } from "../caches/ttl.ts";

export const specimens: readonly Specimen<CacheAdapter>[] = [
  {
    adapter: pubsubCache("pubsub-keeps-copies", { keepsCopiesWhenLost: true }),
    flaw: "subscribes again after its connection was lost, and keeps the copies from before",
  },
  {
    adapter: pubsubCache("pubsub-subscribes-once", { subscribesOnce: true }),
    flaw: "forgets to subscribe again after its connection was lost",
  },
  {
    adapter: pubsubCache("pubsub-always-fresh", { alwaysFresh: true }),
    flaw: "says that it is fresh, and serves its copies, whatever it hears of its subscription",
  },
  {
    adapter: pubsubCache("pubsub-no-heartbeat", { hasNoHeartbeat: true }),
    flaw: "never asks whether the other end of its subscription is still there",
  },
  {
    adapter: pubsubCache("pubsub-tells-first", {
      writes: async (server, _other, key, value) => {
        await server.publish(CHANNEL, key);
        await server.set(key, value);
      },
    }),
    flaw: "tells of a change before it writes",
  },
  {
    adapter: pubsubCache("pubsub-tells-early", {
      writes: (server, other, key, value) => Promise.all([server.set(key, value), other.publish(CHANNEL, key)]),
    }),
    flaw: "tells of a change over another connection, without waiting for the answer to its write",
  },
  {
    adapter: pubsubCache("pubsub-ignores-fetches", { ignoresChangesOfFetches: true }),
    flaw: "keeps what it was answered although the key has changed while it asked",
  },
  {
    adapter: trackedCache("tracking-once", { tracksOnce: true }),
    flaw: "asks the server for tracking once, and not again on a new connection",
  },
  {
    adapter: trackedCache("tracking-keeps-copies", { keepsCopiesWhenLost: true }),
    flaw: "asks for tracking again on a new connection, and keeps the copies from before",
  },
  {
    adapter: timedCache("never-invalidates", Infinity),
    flaw: "keeps its copies for good, and hears of nothing",
  },
];
