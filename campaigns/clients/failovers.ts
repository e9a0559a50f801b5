/** Whether clients find the new primary, and what becomes of their commands meanwhile. */
import { DOWN_AFTER_STEP_MS, SENTINEL_DEFAULTS } from "../../systems/sentinel.ts";
import type { DeclaredFault } from "../declare/declare.ts";
import { noDuplicate, recovers, refusedNothing, settles } from "./claims.ts";
import { clientCampaign } from "./lanes.ts";

/** For a client to notice, ask the sentinels and connect again, and for a machine that is busy. */
const RECONNECT_MS = 4_000;
/** When a majority of the sentinels takes the primary for down, and when it is replaced at the latest. */
const FAILOVER_MS = SENTINEL_DEFAULTS.downAfterMs + DOWN_AFTER_STEP_MS + SENTINEL_DEFAULTS.failoverTimeoutMs;
const BOUND_MS = FAILOVER_MS + RECONNECT_MS;
const LOAD_AFTER_MS = 2_500;

const STEADY = { load: "burst", size: 6, everyMs: 30 } as const;
const SENTINEL = { kind: "sentinel", options: {} } as const;

export const clientCrashedPrimary = clientCampaign({
  name: "client-crashed-primary",
  title: "The primary crashes, and clients have to find the next one",
  description:
    "The primary is killed and stays away. The sentinels promote a replica; clients must find it, tell their callers what they know, and do nothing twice. A client that stays with its first primary never comes back.",
  system: SENTINEL,
  clients: ["raw", "never-follows"],
  options: STEADY,
  loadMs: BOUND_MS + LOAD_AFTER_MS,
  settleMs: 500,
  sharedFaults: (random): readonly DeclaredFault[] => [
    {
      id: "crash",
      kind: "kill",
      options: { target: "primary", keepData: true },
      start: { afterMs: random.integer(800, 1_200) },
    },
  ],
  claims: () => [
    noDuplicate(),
    settles(),
    recovers({ afterFault: "crash", boundMs: BOUND_MS, from: "injection" }, { brokenBy: ["never-follows"] }),
  ],
});

export const clientBlackholedPrimary = clientCampaign({
  name: "client-blackholed-primary",
  title: "The primary is cut off, and its clients are not told",
  description:
    "Nothing from the primary reaches anybody any more, and no connection is closed. The sentinels promote a replica. A client that has no time-out of its own waits at the silent connection for minutes, long after the failover.",
  system: SENTINEL,
  clients: ["raw", "never-follows"],
  options: { ...STEADY, deadlineMs: 4_000 },
  loadMs: BOUND_MS + LOAD_AFTER_MS,
  settleMs: 500,
  sharedFaults: (random): readonly DeclaredFault[] => [
    {
      id: "partition",
      kind: "partition",
      options: { shape: "isolate-primary", how: "hold" },
      start: { afterMs: random.integer(800, 1_200) },
    },
  ],
  claims: () => [
    noDuplicate(),
    settles(),
    recovers({ afterFault: "partition", boundMs: BOUND_MS, from: "injection" }, { brokenBy: ["never-follows"] }),
  ],
});

export const clientPlannedFailover = clientCampaign({
  name: "client-planned-failover",
  title: "A planned failover under clients",
  description:
    "An operator tells a sentinel to fail over although nothing is wrong. When the former primary is made a replica, the connections of its clients end; they must find the new one.",
  system: SENTINEL,
  clients: ["raw", "never-follows"],
  options: STEADY,
  // A sentinel takes its time, about ten seconds, before it turns the former primary into a replica.
  loadMs: 22_000,
  settleMs: 500,
  sharedFaults: (random): readonly DeclaredFault[] => [
    {
      id: "failover",
      kind: "sentinel-failover",
      options: {},
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: 0 },
    },
  ],
  claims: () => [
    noDuplicate(),
    refusedNothing(),
    settles(),
    recovers({ afterFault: "failover", boundMs: RECONNECT_MS, from: "injection" }, { brokenBy: ["never-follows"] }),
  ],
});

/**
 * After a failover by hand, or by a tool that knows no clients: who is connected to the former primary stays so.
 * (https://github.com/redis/ioredis/issues/305)
 */
export const clientDemotedPrimary = clientCampaign({
  name: "client-demoted-primary",
  title: "The former primary refuses writes, and keeps its connections",
  description:
    "A replica is promoted, and the former primary is made a replica by hand: it closes no connection, and refuses every write with READONLY. A client must take that for what it is, and ask the sentinels anew.",
  system: SENTINEL,
  clients: ["raw", "never-follows"],
  options: STEADY,
  loadMs: 6_500,
  settleMs: 500,
  sharedFaults: (random): readonly DeclaredFault[] => [
    { id: "failover", kind: "sentinel-failover", options: {}, start: { afterMs: random.integer(800, 1_200) } },
    {
      id: "demotion",
      kind: "command",
      // Nobody listens there. Until the sentinels correct it, which takes them more than the rest of the load.
      options: { target: "n1", command: ["REPLICAOF", "127.0.0.1", "1"], expect: "OK" },
      start: { after: { fault: "failover", stage: "active" } },
    },
  ],
  claims: () => [
    noDuplicate(),
    refusedNothing(),
    settles(),
    recovers(
      { afterFault: "demotion", boundMs: RECONNECT_MS / 2, from: "injection" },
      { brokenBy: ["never-follows"], standing: "hoped" },
    ),
  ],
});

/** node-redis 5.9.0 and 5.10.0 never sent anything again. */
export const clientOnlySentinel = clientCampaign({
  name: "client-only-sentinel",
  title: "The connection to the only sentinel is lost once",
  description:
    "There is one sentinel, and a client's connection to it is lost once. The primary is well, and so is the connection to it: commands must go on as if nothing had happened.",
  system: { kind: "sentinel", options: { sentinels: 1 } },
  clients: ["raw"],
  options: { ...STEADY, deadlineMs: 4_000 },
  loadMs: 9_000,
  settleMs: 500,
  faults: (lane, random): readonly DeclaredFault[] => [
    {
      id: lane.fault("reset"),
      kind: "link",
      // An idle connection meets no reset until it is used; this closes it at once.
      options: { from: lane.caller, to: "s1", how: "down" },
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: 100 },
    },
  ],
  claims: (lane) => [noDuplicate(), settles(), recovers({ afterFault: lane.fault("reset"), boundMs: RECONNECT_MS })],
});
