/** All kinds of faults, by the name that plans use. */
import type { FaultKind } from "./fault.ts";
import { addNode } from "./faults/add-node.ts";
import { clockDrift } from "./faults/clock-drift.ts";
import { clockJump } from "./faults/clock-jump.ts";
import { clockStrobe } from "./faults/clock-strobe.ts";
import { clusterFailover } from "./faults/cluster-failover.ts";
import { diskFull } from "./faults/disk-full.ts";
import { flaky } from "./faults/flaky.ts";
import { kill } from "./faults/kill.ts";
import { link } from "./faults/link.ts";
import { partition } from "./faults/partition.ts";
import { pause } from "./faults/pause.ts";
import { powerLoss } from "./faults/power-loss.ts";
import { removeNode } from "./faults/remove-node.ts";
import { sentinelFailover } from "./faults/sentinel-failover.ts";
import { shutdown } from "./faults/shutdown.ts";
import { slotMigration } from "./faults/slot-migration.ts";
import { stall } from "./faults/stall.ts";
import { truncateAof } from "./faults/truncate-aof.ts";

const KINDS: ReadonlyMap<string, FaultKind> = new Map(
  [
    pause,
    stall,
    shutdown,
    kill,
    link,
    flaky,
    partition,
    clockJump,
    clockDrift,
    clockStrobe,
    powerLoss,
    truncateAof,
    diskFull,
    sentinelFailover,
    clusterFailover,
    slotMigration,
    addNode,
    removeNode,
  ].map((kind) => [kind.kind, kind]),
);

/** @throws TypeError naming the unknown kind and those that exist. */
export function faultKind(name: string): FaultKind {
  const kind = KINDS.get(name);
  if (kind === undefined)
    throw new TypeError(`there is no fault ${JSON.stringify(name)}; there are ${[...KINDS.keys()].join(", ")}`);
  return kind;
}
