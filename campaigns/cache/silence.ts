/** Nothing arrives at a user for a while, and nothing is lost: no connection ends, so nothing tells it. */
import { cacheCampaign } from "./lanes.ts";

const SILENT = {
  suite: "nightly",
  system: { kind: "single", options: {} },
  caches: ["pubsub", "tracking", "pubsub-no-heartbeat", "pubsub-always-fresh"],
  writer: { writeEveryMs: 60 },
  // Who waits for an answer that does not come asks for nothing else.
  user: { readEveryMs: 4, getDeadlineMs: 100 },
  loadMs: 7_500,
  boundMs: 2_000,
  brokenBy: { "fresh-when-it-says-so": ["pubsub-no-heartbeat", "pubsub-always-fresh"] },
} as const;

export const cacheHeld = cacheCampaign({
  ...SILENT,
  name: "cache-held",
  title: "Caches that hear nothing",
  description:
    "Nothing passes between a user and the server for some seconds; then all arrives at once. Meanwhile the store is written, and only who asks whether the other end is still there can know that its copies may be stale.",
  faults: ({ user, fault }, random) => [
    {
      id: fault("hold"),
      kind: "link",
      options: { from: user, to: "n1", how: "hold" },
      start: { afterMs: random.integer(1_000, 1_300) },
      end: { afterMs: random.integer(3_600, 4_000) },
    },
  ],
});

export const cacheOneWay = cacheCampaign({
  ...SILENT,
  name: "cache-one-way",
  title: "Caches that are heard and hear nothing",
  description:
    "What a user sends arrives at the server, and nothing comes back for some seconds: the server believes that it tells, and the user that there is nothing to tell.",
  faults: ({ user, fault }, random) => [
    {
      id: fault("hold"),
      kind: "link",
      options: { from: user, to: "n1", how: "hold", direction: "back" },
      start: { afterMs: random.integer(1_000, 1_300) },
      end: { afterMs: random.integer(3_600, 4_000) },
    },
  ],
});

export const cachePausedUser = cacheCampaign({
  ...SILENT,
  name: "cache-paused-user",
  title: "A user that was stopped while others wrote",
  description:
    "Users are stopped for some seconds (a long garbage collection, a frozen virtual machine), and the store is written meanwhile. What they missed waits in their sockets; right after they go on, before they have read it, their copies are stale.",
  caches: ["pubsub", "tracking"],
  faults: ({ user, fault }, random) => [
    {
      id: fault("pause"),
      kind: "pause",
      options: { target: user },
      start: { afterMs: random.integer(900, 1_200) },
      end: { afterMs: random.integer(3_000, 3_400) },
    },
  ],
  // Whether a cache that knows nothing is asked before it has read what waits for it is a matter of luck.
  brokenBy: {},
});

export const cacheSlowLinks = cacheCampaign({
  ...SILENT,
  name: "cache-slow-links",
  title: "Caches on slow links",
  description:
    "Writers' commands take a while, each connection another one, and users' answers come slowly. Messages overtake both: a change is told of before it can be read, or while somebody still gets the value from before it.",
  caches: ["pubsub", "tracking", "pubsub-tells-first", "pubsub-tells-early", "pubsub-ignores-fetches"],
  writer: { writeEveryMs: 800, burst: 2, burstMs: 150, textLength: 4_000 },
  user: { readEveryMs: 8, getDeadlineMs: 1_500 },
  keyCount: 4,
  loadMs: 14_000,
  faults: ({ cache, writer, user, fault }) => [
    {
      id: fault("slow-writer"),
      kind: "link",
      options: { from: writer, to: "n1", how: "latency", latencyMs: 60, jitterMs: 30 },
      start: { afterMs: 200 },
    },
    // Who asks too late finds what was told of too early.
    ...(cache.startsWith("pubsub-tells")
      ? []
      : [
          {
            id: fault("slow-user"),
            kind: "link" as const,
            options: { from: user, to: "n1", how: "bandwidth" as const, rateKBps: 20, direction: "back" as const },
            start: { afterMs: 200 },
          },
        ]),
  ],
  brokenBy: {
    "fresh-when-it-says-so": ["pubsub-tells-first", "pubsub-tells-early", "pubsub-ignores-fetches"],
  },
});
