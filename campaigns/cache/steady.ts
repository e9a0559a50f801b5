import { cacheCampaign } from "./lanes.ts";

/** The control: everything at a high rate, and nothing goes wrong. */
export const cacheSteady = cacheCampaign({
  name: "cache-steady",
  title: "Caches while nothing goes wrong",
  description:
    "Writers write at a high rate, users ask their caches, and there is no fault. What hears of changes gets the new versions; what hears of nothing keeps the old ones.",
  suite: "standard",
  system: { kind: "single", options: {} },
  caches: ["pubsub", "tracking", "ttl", "never-invalidates"],
  writer: { writeEveryMs: 20 },
  user: { readEveryMs: 2 },
  loadMs: 5_000,
  boundMs: 1_000,
  brokenBy: {
    converges: ["never-invalidates"],
    "fresh-when-it-says-so": ["never-invalidates"],
  },
});

/** The same for a store that somebody else writes, and tells nobody. */
export const cacheDirectWrites = cacheCampaign({
  name: "cache-direct-writes",
  title: "A store that somebody else writes",
  description:
    "Another service writes the store directly and tells no cache. The server's tracking hears of it all the same, and a time to live ends every copy; messages that nobody sends are not heard.",
  suite: "nightly",
  system: { kind: "single", options: {} },
  caches: ["tracking", "ttl", "pubsub"],
  writer: { how: "direct", writeEveryMs: 20 },
  user: { readEveryMs: 2 },
  loadMs: 5_000,
  boundMs: 1_000,
  brokenBy: { converges: ["pubsub"], "fresh-when-it-says-so": ["pubsub"] },
});
