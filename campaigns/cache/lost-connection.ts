/** The connections of a user are lost while the store is written, and come back. */
import type { DeclaredFault } from "../declare/declare.ts";
import { cacheCampaign } from "./lanes.ts";

/** The second half of the keys is written no more when the connections come back: what was missed of them shows. */
const HALF_AFTER_MS = 2_800;

export const cacheReset = cacheCampaign({
  name: "cache-reset",
  title: "Caches whose connections are reset",
  description:
    "The connections of every user are reset and refused for a while, in which the store is written. What it told them is lost for good: copies from before may be stale, and nobody says so.",
  suite: "standard",
  system: { kind: "single", options: {} },
  caches: ["pubsub", "tracking", "pubsub-keeps-copies", "pubsub-subscribes-once", "tracking-keeps-copies"],
  writer: { writeEveryMs: 60, halfAfterMs: HALF_AFTER_MS },
  loadMs: 7_000,
  boundMs: 2_000,
  faults: ({ user, fault }, random): readonly DeclaredFault[] => [
    {
      id: fault("reset"),
      kind: "link",
      options: { from: user, to: "n1", how: "down" },
      start: { afterMs: random.integer(1_000, 1_300) },
      end: { afterMs: random.integer(1_900, 2_300) },
    },
  ],
  brokenBy: {
    converges: ["pubsub-keeps-copies", "pubsub-subscribes-once", "tracking-keeps-copies"],
    "fresh-when-it-says-so": ["pubsub-keeps-copies", "pubsub-subscribes-once", "tracking-keeps-copies"],
  },
});
