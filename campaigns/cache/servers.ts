/**
 * The server of the store is restarted, or another one takes its place: it knows of no subscription and no tracked key.
 */
import { DURABLE } from "../declare/durable.ts";
import { cacheCampaign } from "./lanes.ts";

export const cacheRestart = cacheCampaign({
  name: "cache-restart",
  title: "Caches on a server that is restarted",
  description:
    "The server is killed and started again with all that it had. It knows of no subscription and of no key that it tracked.",
  suite: "nightly",
  system: { kind: "single", options: { config: DURABLE } },
  caches: ["pubsub", "tracking", "pubsub-subscribes-once", "tracking-once"],
  writer: { writeEveryMs: 80 },
  loadMs: 7_500,
  boundMs: 2_500,
  sharedFaults: (random) => [
    {
      id: "restart",
      kind: "kill",
      options: { target: "n1", keepData: true },
      start: { afterMs: random.integer(1_500, 1_800) },
      end: { afterMs: random.integer(700, 1_000) },
    },
  ],
  brokenBy: {
    converges: ["pubsub-subscribes-once", "tracking-once"],
    "fresh-when-it-says-so": ["pubsub-subscribes-once", "tracking-once"],
  },
});

export const cacheAmnesia = cacheCampaign({
  name: "cache-amnesia",
  title: "Caches on a server that has lost everything",
  description:
    "The server is killed and comes back with nothing. Half of the keys are not written again: the copies of what the store has lost must go as well.",
  suite: "nightly",
  system: { kind: "single", options: {} },
  caches: ["pubsub", "tracking", "ttl", "pubsub-keeps-copies", "tracking-keeps-copies"],
  writer: { writeEveryMs: 60, halfAfterMs: 1_000 },
  loadMs: 6_500,
  boundMs: 2_500,
  store: "may-lose",
  sharedFaults: (random) => [
    {
      id: "amnesia",
      kind: "kill",
      options: { target: "n1", keepData: false },
      start: { afterMs: random.integer(1_700, 2_000) },
      end: { afterMs: random.integer(700, 1_000) },
    },
  ],
  brokenBy: { converges: ["pubsub-keeps-copies", "tracking-keeps-copies"] },
});

export const cacheFailover = cacheCampaign({
  name: "cache-failover",
  title: "Caches under a failover",
  description:
    "The primary is killed, and a replica that the sentinels promote takes its place: it knows of no key that the former primary tracked, and may lack the last writes.",
  suite: "nightly",
  system: { kind: "sentinel", options: {} },
  caches: ["pubsub", "tracking", "tracking-once"],
  writer: { how: "invalidate", writeEveryMs: 100 },
  loadMs: 16_000,
  boundMs: 4_000,
  store: "may-lose",
  sharedFaults: (random) => [
    {
      id: "kill",
      kind: "kill",
      options: { target: "primary", keepData: true },
      start: { afterMs: random.integer(1_500, 2_000) },
      end: { afterMs: 9_000 },
    },
  ],
  brokenBy: { converges: ["tracking-once"] },
});
