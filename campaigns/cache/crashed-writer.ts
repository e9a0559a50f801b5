/** A writer that dies after it has written the store, and before it has told anybody. */
import { cacheCampaign } from "./lanes.ts";

export const cacheCrashedWriter = cacheCampaign({
  name: "cache-crashed-writer",
  title: "A writer that dies before it has told the caches",
  description:
    "Writers write the store, and then tell the caches; each is killed in between. A message that nobody sends any more leaves a stale copy behind for good, unless the server itself tells of the write, or copies end by themselves.",
  suite: "nightly",
  system: { kind: "single", options: {} },
  caches: ["tracking", "ttl", "pubsub"],
  writer: { how: "invalidate", writeEveryMs: 60 },
  loadMs: 5_000,
  boundMs: 2_000,
  faults: ({ writer, fault }, random) => [
    {
      id: fault("kill"),
      kind: "kill",
      options: { target: writer },
      start: { afterMs: random.integer(2_500, 3_000), at: { worker: writer, point: "written" } },
    },
  ],
  brokenBy: { converges: ["pubsub"], "fresh-when-it-says-so": ["pubsub"] },
});
