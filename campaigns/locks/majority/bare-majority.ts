/**
 * A holder with a bare majority loses one server. The client w1 is cut off from the servers that it can do without;
 * when nothing of its earlier locks is left there, it holds a lock on all the others. Then one of these forgets the
 * lock: with those that have never heard of it, it is a second majority.
 */
import type { Barrier, Moment } from "../../../history/plan.ts";
import type { Random } from "../../../history/random.ts";
import type { Campaign } from "../../../runner/campaign.ts";
import type { CampaignDeclaration, DeclaredClaim, DeclaredFault, DeclaredSystem } from "../../declare/declare.ts";
import { campaign, hoped, promised } from "../../declare/declare.ts";
import { KLEPPMANN, LOCK_PAGE } from "../../declare/sources.ts";
import { reader, workers } from "../../declare/workers.ts";
import { progressWithMajority } from "../words/levels.ts";
import { MAJORITY } from "../words/settings.ts";

interface Servers {
  readonly system: DeclaredSystem;
  /** The one that the holder loses. */
  readonly lost: string;
  /** Those that it is cut off from. */
  readonly others: readonly string[] | string;
}

const THREE: Servers = { system: MAJORITY.system, lost: "n2", others: "n3" };
const FIVE: Servers = { system: { kind: "independent", options: { nodes: 5 } }, lost: "n3", others: ["n4", "n5"] };

type BareMajority = Pick<CampaignDeclaration, "name" | "title" | "description" | "suite" | "loadMs" | "claims"> & {
  readonly servers: Servers;
  readonly ttlMs: number;
  readonly clients: number;
  /** Whose clock a fault goes by. */
  readonly operator?: ReturnType<typeof reader>;
  readonly loses: (holding: Holding, random: Random) => readonly DeclaredFault[];
};

/**
 * The moment at which w1 has a lock on a bare majority.
 * @param stay for how long it stays in its critical section, or where else it is
 * @param healed the fault that is over before that; without it, since w1 was cut off
 */
type Holding = (stay: Partial<Barrier>, healed?: string) => Moment;

function bareMajority({ servers, ttlMs, clients, operator, loses, claims, ...own }: BareMajority): Campaign {
  const holding: Holding = (stay, healed) => ({
    after: healed === undefined ? { fault: "cut", stage: "active" } : { fault: healed, stage: "healed" },
    // By then nothing that w1 got from the others before is left there.
    afterMs: ttlMs,
    at: { worker: "w1", point: "critical-section", occurrence: 2, ...stay },
  });
  return campaign({
    ...own,
    system: servers.system,
    workload: "lock",
    options: { lock: MAJORITY.lock, ttlMs },
    workers: [...workers("client", clients), reader(), ...(operator === undefined ? [] : [operator])],
    faults: (random): readonly DeclaredFault[] => [
      {
        id: "cut",
        kind: "link",
        options: { from: "w1", to: servers.others, how: "hold" },
        start: { afterMs: random.integer(200, 500) },
      },
      ...loses(holding, random),
    ],
    claims: [...claims, progressWithMajority("w1", "cut")],
  });
}

const JUMP_TTL_MS = 2_500;

export const redlockClockJump = bareMajority({
  name: "redlock-clock-jump",
  title: "One server's clock jumps",
  description:
    "A client holds a Redlock on n1, n2 and n3 (n4 and n5 are cut off from it). The clock of n3 jumps by more than the time to live, and n3 forgets the lock: n3, n4 and n5 are a second majority.",
  suite: "standard",
  servers: FIVE,
  ttlMs: JUMP_TTL_MS,
  clients: 2,
  loadMs: 4_000,
  loses: (holding, random) => [
    {
      id: "jump",
      kind: "clock-jump",
      options: { target: FIVE.lost, offsetMs: JUMP_TTL_MS + random.integer(500, 2_000) },
      start: holding({ holdUntilHealed: "jump" }),
      end: { at: { worker: "w2", point: "critical-section" } },
    },
  ],
  claims: [heldOnce("No two clients rightfully hold the lock at the same time, whatever the clocks do.", KLEPPMANN)],
});

const AFTER_POWER_LOSS = { level: "belief", fromFault: "power-loss" } as const;

type PowerLoss = Pick<BareMajority, "name" | "title" | "claims"> & {
  /** By `everysec` it would be left to chance whether a grant is among what is lost: all of the last second. */
  readonly fsync: "no" | "always";
};

/** What the server has on disk, after it lost power, is what was synced. */
function powerLoss({ fsync, ...own }: PowerLoss): Campaign {
  const config = ["appendonly yes", `appendfsync ${fsync}`];
  return bareMajority({
    ...own,
    description: `A client holds a lock on two of three servers. One of these loses power just after it granted the lock; it keeps an append-only file, synced by the rule "${fsync}".`,
    suite: "nightly",
    servers: { ...THREE, system: { kind: "independent", options: { nodes: 3, config } } },
    ttlMs: 2_500,
    clients: 2,
    loadMs: 10_000,
    loses: (holding) => [
      {
        id: "power-loss",
        kind: "power-loss",
        options: { target: THREE.lost },
        start: holding({ point: "granted", holdMs: 1_900 }),
        end: { afterMs: 0 },
      },
    ],
  });
}

export const redlockPowerLoss = powerLoss({
  name: "redlock-power-loss",
  title: "A server that does not sync loses power",
  fsync: "no",
  claims: [
    hoped(
      "belief",
      "A server that leaves it to the operating system when its file is synced remembers after a power loss which locks it has granted.",
      LOCK_PAGE,
      "lock-overlap",
      AFTER_POWER_LOSS,
    ),
  ],
});

export const redlockPowerLossSynced = powerLoss({
  name: "redlock-power-loss-synced",
  title: "A server that syncs every write loses power",
  fsync: "always",
  claims: [
    promised(
      "belief",
      "A server that syncs its file with every write remembers after a power loss which locks it has granted.",
      LOCK_PAGE,
      "lock-overlap",
      AFTER_POWER_LOSS,
    ),
  ],
});

/**
 * Long against what a container takes to be killed, to start again and to be connected to, on a machine that is busy
 * with other work.
 */
const RESTART_TTL_MS = 3_500;
/** So long the holder does nothing while its rivals try; it must still hold then. */
const HOLD_MS = 2_800;
/** What the documentation asks for: somewhat more than the time to live. */
const DELAY_MS = RESTART_TTL_MS + 500;

/** The server is killed, and comes back without its data. */
function restart(id: string, target: string, start: Moment, end: Moment): DeclaredFault {
  return { id, kind: "kill", options: { target, keepData: false }, start, end };
}

const DELAYED_RESTART = promised(
  "delayed-restart",
  "A server that stays away for longer than the time to live before it comes back without its data does no harm.",
  LOCK_PAGE,
  "lock-overlap",
  { level: "belief", fromFault: "delayed-restart" },
);

export const redlockAmnesia = bareMajority({
  name: "redlock-amnesia",
  title: "A server restarts and has forgotten the lock",
  description:
    "A client holds a Redlock on n1, n2 and n3 (n4 and n5 are cut off from it). n3 is killed and restarts without its data: at once, and a second majority forms; later only after the time to live, which is what the documentation asks for, and none does.",
  suite: "standard",
  servers: FIVE,
  ttlMs: RESTART_TTL_MS,
  clients: 3,
  loadMs: 4_000,
  loses: (holding) => [
    restart("amnesia", FIVE.lost, holding({ holdMs: HOLD_MS }), { afterMs: 0 }),
    restart("delayed-restart", FIVE.lost, holding({ holdMs: 1_200 }, "amnesia"), {
      afterMs: DELAY_MS,
    }),
  ],
  claims: [
    heldOnce(
      "No two clients rightfully hold the lock at the same time, also when a server restarts without its data.",
      LOCK_PAGE,
    ),
    DELAYED_RESTART,
  ],
});

/** The operator who starts the server again looks at a clock to see when. */
const OPERATOR = "operator";

export const redlockEarlyRestart = bareMajority({
  name: "redlock-early-restart",
  title: "The clock that measures a delayed restart jumps",
  description:
    "A client holds a Redlock on n1 and n2 (n3 is cut off from it). n2 is killed, and started again without its data when more than the time to live is over by the operator's clock. First this clock jumps ahead meanwhile: n2 is back at once, and a second majority forms. Then it goes as it should, and none does.",
  suite: "nightly",
  servers: THREE,
  ttlMs: RESTART_TTL_MS,
  clients: 2,
  operator: reader("reader", OPERATOR),
  loadMs: 6_000,
  loses: (holding, random) => [
    restart("early-restart", THREE.lost, holding({ holdMs: HOLD_MS }), {
      on: { clock: OPERATOR, passesMs: DELAY_MS },
    }),
    {
      id: "jump",
      kind: "clock-jump",
      options: { target: OPERATOR, offsetMs: DELAY_MS + random.integer(500, 2_000) },
      // By the same clock, so that the delay has certainly begun.
      start: { after: { fault: "early-restart", stage: "active" }, on: { clock: OPERATOR, passesMs: 20 } },
      end: { after: { fault: "early-restart", stage: "healed" } },
    },
    restart("delayed-restart", THREE.lost, holding({ holdMs: 1_200 }, "jump"), {
      on: { clock: OPERATOR, passesMs: DELAY_MS },
    }),
  ],
  claims: [
    heldOnce(
      "No two clients rightfully hold the lock at the same time, also when the clock is wrong by which a restart is delayed.",
      KLEPPMANN,
    ),
    DELAYED_RESTART,
  ],
});

function heldOnce(statement: string, source: string): DeclaredClaim {
  return hoped("belief", statement, source, "lock-overlap", { level: "belief" });
}
