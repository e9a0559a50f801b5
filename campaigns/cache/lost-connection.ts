/** The connections of a user are lost while the store is written, and come back. */
import type { Moment } from "../../history/plan.ts";
import type { Random } from "../../history/random.ts";
import type { DeclaredFault } from "../declare/declare.ts";
import { cacheCampaign } from "./lanes.ts";

/**
 * The second half of the keys is written for the last time when the connections have just been lost: what was missed of
 * them shows. By then a user has copies, however busy the machine is.
 */
const lost = (writer: string): Moment => ({ at: { worker: writer, point: "before-half" } });

const LOSING = {
  suite: "nightly",
  system: { kind: "single", options: {} },
  writer: { writeEveryMs: 60, halfAfterMs: 2_000 },
  loadMs: 8_000,
  boundMs: 2_000,
} as const;

export const cacheReset = cacheCampaign({
  ...LOSING,
  name: "cache-reset",
  title: "Caches whose connections are lost",
  description:
    "The connections of every user are closed and refused for a while, in which the store is written. What the servers told it meanwhile is lost for good: copies from before may be stale, and nobody says so.",
  suite: "standard",
  caches: ["pubsub", "tracking", "pubsub-keeps-copies", "pubsub-subscribes-once", "tracking-keeps-copies"],
  faults: ({ writer, user, fault }, random) => [
    {
      id: fault("down"),
      kind: "link",
      options: { from: user, to: "n1", how: "down" },
      start: lost(writer),
      end: { afterMs: random.integer(1_900, 2_300) },
    },
  ],
  brokenBy: {
    converges: ["pubsub-keeps-copies", "pubsub-subscribes-once", "tracking-keeps-copies"],
    "fresh-when-it-says-so": ["pubsub-keeps-copies", "pubsub-subscribes-once", "tracking-keeps-copies"],
  },
});

export const cacheDropped = cacheCampaign({
  ...LOSING,
  name: "cache-dropped",
  title: "Caches whose bytes vanish",
  description:
    "Everything that passes between a user and the server vanishes for a while, without an end of any connection: a firewall that has forgotten them. Only who asks whether the other end is still there can know that it misses something. When the link heals, the connections close.",
  caches: ["pubsub", "tracking", "pubsub-no-heartbeat", "pubsub-always-fresh"],
  // Who waits for an answer that does not come asks for nothing else.
  user: { readEveryMs: 4, getDeadlineMs: 100 },
  loadMs: 10_000,
  faults: ({ writer, user, fault }, random) => [
    {
      id: fault("drop"),
      kind: "link",
      options: { from: user, to: "n1", how: "drop" },
      start: lost(writer),
      end: { afterMs: random.integer(4_000, 4_400) },
    },
  ],
  brokenBy: { "fresh-when-it-says-so": ["pubsub-no-heartbeat", "pubsub-always-fresh"] },
});

export const cacheClientKill = cacheCampaign({
  ...LOSING,
  name: "cache-client-kill",
  title: "Caches whose connections an operator kills",
  description:
    "CLIENT KILL ends all connections but those that subscribe: the server forgets which keys it tracks for whom. They come back at once, and what was written in between was told to nobody.",
  caches: ["tracking", "pubsub", "tracking-once"],
  sharedFaults: (random) => [killed("normal", random)],
  brokenBy: { converges: ["tracking-once"], "fresh-when-it-says-so": ["tracking-once"] },
});

export const cacheSubscribersKilled = cacheCampaign({
  ...LOSING,
  name: "cache-subscribers-killed",
  title: "Caches whose subscriptions an operator kills",
  description:
    "CLIENT KILL ends the connections that subscribe. They come back at once, and what was published in between is lost.",
  caches: ["pubsub", "tracking", "pubsub-subscribes-once"],
  sharedFaults: (random) => [killed("pubsub", random)],
  brokenBy: { converges: ["pubsub-subscribes-once"], "fresh-when-it-says-so": ["pubsub-subscribes-once"] },
});

function killed(type: "normal" | "pubsub", random: Random): DeclaredFault {
  return {
    id: "kill",
    kind: "client-kill",
    options: { target: "n1", type },
    start: { afterMs: random.integer(1_000, 1_500) },
    end: { afterMs: 0 },
  };
}
