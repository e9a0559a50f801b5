/**
 * A stale replica is promoted: replication stalls, the primary dies, and what the replica has not heard of is lost: a
 * lock, or the counter of the tokens. Two replicas stand by. Either both hear nothing, and any of them is promoted; or
 * n2 still acknowledges what counts, n3 hears nothing, and one of them is preferred.
 */
import type { Barrier, Moment } from "../../../history/plan.ts";
import type { Random } from "../../../history/random.ts";
import type { Campaign } from "../../../runner/campaign.ts";
import type { CampaignDeclaration, DeclaredFault } from "../../declare/declare.ts";
import { campaign, hoped } from "../../declare/declare.ts";
import { EXPIRE_PAGE, LOCK_PAGE, WAIT_PAGE } from "../../declare/sources.ts";
import { reader, workers } from "../../declare/workers.ts";
import { risingTokens } from "../words/lane-claims.ts";
import { lanesCampaign } from "../words/lanes.ts";

const STALLED = { fault: "replication-stalls", stage: "active" } as const;
const SECOND_HOLDER: Moment = { at: { worker: "w2", point: "critical-section" } };

/** What the primary is told does not get to these replicas. */
function replicationStalls(from: string, to: string, start: Moment): DeclaredFault {
  return { id: "replication-stalls", kind: "link", options: { from, to, how: "hold", direction: "forth" }, start };
}

function crash(target: string, start: Moment, end: Moment): DeclaredFault {
  return { id: "crash", kind: "kill", options: { target, keepData: false }, start, end };
}

const ON_SENTINEL_TTL_MS = 6_000;

export const lockOnSentinelFailover = campaign({
  name: "lock-on-sentinel-failover",
  title: "A lock on a replicated Redis",
  description:
    "A client takes the lock on the primary, which is killed before it has replicated the key. The promoted replica has never heard of the lock and grants it again.",
  suite: "standard",
  system: { kind: "sentinel", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: ON_SENTINEL_TTL_MS, commandTimeoutMs: 1_000 },
  workers: [...workers("client", 3), reader()],
  loadMs: 6_000,
  faults: (random) => [
    replicationStalls("primary", "replicas", { afterMs: random.integer(300, 600) }),
    crash(
      "primary",
      {
        after: STALLED,
        // By then every lock that the replicas have heard of is about to expire there, or has.
        afterMs: ON_SENTINEL_TTL_MS - 1_000,
        at: { worker: "w1", point: "critical-section", holdUntilHealed: "crash" },
      },
      SECOND_HOLDER,
    ),
  ],
  claims: [
    hoped(
      "belief",
      "No two clients rightfully hold the lock at the same time, also across a failover.",
      LOCK_PAGE,
      "lock-overlap",
      { level: "belief" },
    ),
  ],
});

export const lockReplicatedToken = lanesCampaign({
  name: "lock-replicated-token",
  title: "Fencing tokens across a failover",
  description:
    "Fencing tokens come from a counter on the primary of a Sentinel set, whose replication stalls before it is killed. The promoted replica has not heard of the last tokens: unless a replica had to acknowledge them, they are given again.",
  suite: "standard",
  system: { kind: "sentinel", options: {} },
  workload: "lock",
  options: { ttlMs: 1_500, commandTimeoutMs: 1_000 },
  locks: [{ lock: "fenced-acknowledged" }, { lock: "token-replicated" }],
  loadMs: 6_000,
  sharedFaults: (random) => [
    replicationStalls("primary", "replicas", { afterMs: random.integer(500, 800) }),
    // Time for grants by the promoted one.
    crash(
      "primary",
      { after: STALLED, afterMs: random.integer(300, 600) },
      { on: { primary: "another" }, afterMs: 2_000 },
    ),
  ],
  claims: () => [{ ...risingTokens(["token-replicated"]), standing: "hoped" }],
});

/** Long against a failover, and the replication that follows it. */
const TTL_MS = 8_000;
/** The least that a failover takes. */
const FAILOVER_MS = 1_500;

/** A grant counts when a replica has acknowledged it. */
const ACKNOWLEDGED = {
  suite: "nightly",
  system: { kind: "sentinel", options: {} },
  workload: "lock",
  options: { lock: "fenced-acknowledged", ttlMs: TTL_MS, commandTimeoutMs: 2_000 },
  workers: [...workers("client", 3), reader()],
} as const;

/**
 * Sentinel promotes the replica with the lowest priority that is not 0, before it looks at who has more of the data.
 */
function preferred(target: string, random: Random): DeclaredFault {
  return {
    id: "preferred",
    kind: "command",
    options: {
      target,
      command: ["CONFIG", "SET", "replica-priority", "1"],
      undo: ["CONFIG", "SET", "replica-priority", "100"],
      expect: "OK",
    },
    start: { afterMs: random.integer(100, 200) },
  };
}

/** w1 holds a lock until the primary is back. */
function holderStays(random: Random): Barrier {
  return { worker: "w1", point: "critical-section", occurrence: random.integer(2, 5), holdUntilHealed: "crash" };
}

type AcknowledgedFailover = Pick<CampaignDeclaration, "name" | "title"> & {
  readonly promoted: "n2" | "n3";
  readonly what: string;
  readonly expect: "holds" | "broken";
};

function acknowledgedFailover({ promoted, what, expect, ...own }: AcknowledgedFailover): Campaign {
  const claim = hoped(
    "belief",
    "A lock that a replica has acknowledged is known after a failover.",
    WAIT_PAGE,
    "lock-overlap",
    { level: "belief", fromFault: "crash" },
  );
  return campaign({
    ...ACKNOWLEDGED,
    ...own,
    description: `A client takes the lock, and waits until one of two replicas has it (WAIT 1). Then the primary is killed. ${what}`,
    // The former holder lets go when all is over, and others get the lock after it; in containers a server takes longer
    // to be killed and to come back.
    loadMs: 24_000,
    faults: (random) => [
      preferred(promoted, random),
      replicationStalls("n1", "n3", {
        after: { fault: "preferred", stage: "active" },
        afterMs: random.integer(100, 200),
      }),
      // By then nothing that n3 has heard of is left there, or it is over before n3 can be promoted.
      crash(
        "n1",
        { after: STALLED, afterMs: TTL_MS - FAILOVER_MS, at: holderStays(random) },
        { on: { primary: promoted }, afterMs: 3_000 },
      ),
    ],
    claims: [{ ...claim, expect }],
  });
}

export const lockAcknowledgedFailover = acknowledgedFailover({
  name: "lock-acknowledged-failover",
  title: "The replica that has acknowledged the lock is promoted",
  promoted: "n2",
  what: "The replica that has it is promoted.",
  expect: "holds",
});

export const lockUnacknowledgedFailover = acknowledgedFailover({
  name: "lock-unacknowledged-failover",
  title: "The replica that has not heard of the lock is promoted",
  promoted: "n3",
  what: "The other one is promoted.",
  expect: "broken",
});

export const lockReplicaClock = campaign({
  // With a lock that nobody has to acknowledge, what is lost may have been lost on its way to the replica.
  ...ACKNOWLEDGED,
  name: "lock-replica-clock",
  title: "The promoted replica's clock is ahead",
  description:
    "A replica has acknowledged the lock when its primary is killed, and is promoted, but its clock is ahead by more than the time to live. A key expires at a moment of the wall clock, and for this replica the moment is over.",
  loadMs: 7_000,
  faults: (random) => [
    preferred("n2", random),
    // From then on n2 alone can acknowledge, and nobody has more of the data: Sentinel promotes it for both reasons.
    replicationStalls("n1", "n3", { after: { fault: "preferred", stage: "active" } }),
    {
      id: "ahead",
      kind: "clock-jump",
      options: { target: "n2", offsetMs: TTL_MS + random.integer(1_000, 3_000) },
      start: { after: STALLED },
    },
    // The first lock may have been granted before replication stalled.
    crash("n1", { after: { fault: "ahead", stage: "active" }, at: holderStays(random) }, SECOND_HOLDER),
  ],
  claims: [
    hoped(
      "belief",
      "No two clients rightfully hold the lock at the same time, whatever the clock of the server that is promoted.",
      EXPIRE_PAGE,
      "lock-overlap",
      { level: "belief", fromFault: "crash" },
    ),
  ],
});
