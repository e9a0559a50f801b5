/** Nothing arrives at a user for a while, and nothing is lost: no connection ends, so nothing tells it. */
import type { DeclaredFault } from "../declare/declare.ts";
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
    "Texts are long, and the links of writers and users narrow. Short messages over other connections overtake them: a change is told of before it can be read, or while somebody still gets the text from before it.",
  caches: ["pubsub", "tracking", "pubsub-tells-first", "pubsub-tells-early", "pubsub-ignores-fetches"],
  writer: { writeEveryMs: 800, burst: 2, burstMs: 150, textLength: 4_000 },
  user: { readEveryMs: 8, getDeadlineMs: 1_500 },
  keyCount: 4,
  loadMs: 14_000,
  faults: ({ cache, writer, user, fault }) => [
    // What is told of too early is asked for before it is written; and what is answered slowly changes meanwhile.
    ...(cache === "pubsub-ignores-fetches" ? [] : [slow(fault("slow-writer"), writer, "forth")]),
    ...(cache.startsWith("pubsub-tells") ? [] : [slow(fault("slow-user"), user, "back")]),
  ],
  brokenBy: {
    "fresh-when-it-says-so": ["pubsub-tells-first", "pubsub-tells-early", "pubsub-ignores-fetches"],
  },
});

function slow(id: string, worker: string, direction: "forth" | "back"): DeclaredFault {
  const options = { from: worker, to: "n1", how: "bandwidth", rateKBps: 20, direction } as const;
  return { id, kind: "link", options, start: { afterMs: 200 } };
}
