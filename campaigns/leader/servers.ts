/** What the server loses under a leader: its data in a restart, or in a failover to a replica that has not heard. */
import type { DeclaredFault } from "../declare/declare.ts";
import { SENTINEL_FAILOVER_LOSES, SENTINEL_PAGE } from "../declare/sources.ts";
import { AGAIN_MS, ledAgain, oneBelief, TERM_MS } from "./words/claims.ts";
import { leaderCampaign } from "./words/lanes.ts";

export const leaderEmptyRestart = leaderCampaign({
  name: "leader-empty-restart",
  title: "The server is back without its data",
  description:
    "The server is killed under a leader, and back at once without anything that it had: another candidate is elected while the leader's term still runs. The leader hears of it when its renewal is refused, and has to step down then.",
  suite: "standard",
  system: { kind: "single", options: {} },
  options: { termMs: 6_000, commandTimeoutMs: 1_000 },
  others: { standAfterMs: 900 },
  leaders: [{ leader: "lease" }, { leader: "lease-ignores-refusals" }],
  loadMs: 14_500,
  sharedFaults: (random): readonly DeclaredFault[] => [
    {
      id: "crash",
      kind: "kill",
      options: { target: "n1", keepData: false },
      start: { afterMs: random.integer(3_500, 4_500) },
      end: { afterMs: 100 },
    },
  ],
  claims: () => [
    // A renewal comes in a third of the term, and a busy machine is late.
    { ...oneBelief(["lease-ignores-refusals"], { longerThanMs: 4_500 }), id: "short-overlap" },
    ledAgain([], 9_000, { afterFault: "crash" }),
  ],
});

export const leaderDemotedServer = leaderCampaign({
  name: "leader-demoted-server",
  title: "The server is a replica for a while",
  description:
    "The server becomes a replica for longer than a term, as in a failover that its clients do not hear of: connections stay open, and every write is refused with READONLY. When it is a primary again, somebody has to lead.",
  suite: "standard",
  system: { kind: "single", options: {} },
  options: { termMs: TERM_MS, commandTimeoutMs: 1_000 },
  others: { standAfterMs: 500 },
  leaders: [{ leader: "lease" }, { leader: "lease-ends-at-error" }],
  loadMs: 14_000,
  sharedFaults: (random): readonly DeclaredFault[] => [
    {
      id: "demotion",
      kind: "command",
      // Nobody listens there: it keeps its data, and gets none.
      options: {
        target: "n1",
        command: ["REPLICAOF", "127.0.0.1", "1"],
        undo: ["REPLICAOF", "NO", "ONE"],
        expect: "OK",
      },
      start: { afterMs: random.integer(1_500, 2_500) },
      end: { afterMs: TERM_MS + 1_000 },
    },
  ],
  claims: () => [oneBelief([]), ledAgain(["lease-ends-at-error"], AGAIN_MS + TERM_MS, { afterFault: "demotion" })],
});

const LONG_TERM_MS = 12_000;

export const leaderStaleFailover = leaderCampaign({
  name: "leader-stale-failover",
  title: "A failover forgets the leader",
  description:
    "Replication stalls, a leader is elected, and the primary is killed: the promoted replica has never heard of the leader. It is cut off, and hears nothing of that; until its term is over by its own clock, another one leads beside it.",
  suite: "nightly",
  system: { kind: "sentinel", options: {} },
  options: { termMs: LONG_TERM_MS, commandTimeoutMs: 1_000 },
  others: { standAfterMs: 2_500 },
  leaders: [{ leader: "lease" }],
  loadMs: 20_000,
  faults: ({ first, fault }): readonly DeclaredFault[] => [
    {
      id: fault("replication-stalls"),
      kind: "link",
      options: { from: "primary", to: "replicas", how: "hold", direction: "forth" },
      start: { at: { worker: first, point: "standing" } },
    },
    {
      id: fault("cut"),
      kind: "link",
      options: { from: first, to: "nodes", how: "hold" },
      start: {
        after: { fault: fault("replication-stalls"), stage: "active" },
        at: { worker: first, point: "working", occurrence: 3 },
      },
    },
    {
      id: fault("crash"),
      kind: "kill",
      options: { target: "primary", keepData: false },
      start: { after: { fault: fault("cut"), stage: "active" } },
      end: { on: { primary: "another" }, afterMs: 2_000 },
    },
  ],
  claims: ({ fault }) => [
    {
      ...oneBelief(["lease"], { fromFault: fault("crash") }),
      source: SENTINEL_FAILOVER_LOSES,
    },
    ledAgain([], LONG_TERM_MS + 6_000, { afterFault: fault("crash") }),
  ],
});

export const leaderPlannedFailover = leaderCampaign({
  name: "leader-planned-failover",
  title: "A planned failover under a leader",
  description:
    "An operator tells a sentinel to fail over although nothing is wrong. The former primary refuses the leader's renewals when it has become a replica; candidates have to find the new one, and somebody has to lead again.",
  suite: "nightly",
  system: { kind: "sentinel", options: {} },
  options: { termMs: TERM_MS, commandTimeoutMs: 1_000 },
  others: { standAfterMs: 500 },
  leaders: [{ leader: "lease" }, { leader: "lease-fenced" }],
  loadMs: 22_000,
  sharedFaults: (random): readonly DeclaredFault[] => [
    {
      id: "failover",
      kind: "sentinel-failover",
      options: {},
      start: { afterMs: random.integer(1_500, 2_000) },
      end: { afterMs: 0 },
    },
  ],
  claims: () => [{ ...ledAgain([], AGAIN_MS + 4_000, { afterFault: "failover" }), source: SENTINEL_PAGE }],
});
