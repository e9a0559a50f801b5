import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign, hoped, promised } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { MAJORITY } from "../words/settings.ts";
import { progressWithMajority } from "../words/levels.ts";

const TTL_MS = 2_500;
const HOLD_MS = 1_900;

/**
 * A holder has its lock on n1 and n2 only; n2 loses power, and what it has on disk is what was synced. Not by the rule
 * `everysec`, which loses the same up to the last second: whether a grant is among what is lost would be left to
 * chance.
 */
function powerLoss(
  name: string,
  title: string,
  fsync: "no" | "always",
  claim: typeof promised,
  statement: string,
): ReturnType<typeof campaign> {
  return campaign({
    name,
    title,
    description: `A client holds a lock on two of three servers. One of these loses power just after it granted the lock; it keeps an append-only file, synced by the rule "${fsync}".`,
    suite: "nightly",
    system: {
      kind: "independent",
      options: { nodes: 3, config: ["appendonly yes", `appendfsync ${fsync}`] },
    },
    workload: "lock",
    options: { lock: MAJORITY.lock, ttlMs: TTL_MS },
    workers: [...workers("client", 2), reader()],
    loadMs: 10_000,
    faults: (random): readonly DeclaredFault[] => [
      {
        id: "cut",
        kind: "link",
        options: { from: "w1", to: "n3", how: "hold" },
        start: { afterMs: random.integer(200, 500) },
      },
      {
        id: "power-loss",
        kind: "power-loss",
        options: { target: "n2" },
        // By then nothing that w1 got from n3 before the cut is left there.
        start: {
          after: { fault: "cut", stage: "active" },
          afterMs: TTL_MS,
          at: { worker: "w1", point: "granted", occurrence: 2, holdMs: HOLD_MS },
        },
        end: { afterMs: 0 },
      },
    ],
    claims: [
      claim("belief", statement, LOCK_PAGE, "lock-overlap", { level: "belief", fromFault: "power-loss" }),
      progressWithMajority("w1", "cut"),
    ],
  });
}

export const redlockPowerLoss = powerLoss(
  "redlock-power-loss",
  "A server that does not sync loses power",
  "no",
  hoped,
  "A server that leaves it to the operating system when its file is synced remembers after a power loss which locks it has granted.",
);

export const redlockPowerLossSynced = powerLoss(
  "redlock-power-loss-synced",
  "A server that syncs every write loses power",
  "always",
  promised,
  "A server that syncs its file with every write remembers after a power loss which locks it has granted.",
);
