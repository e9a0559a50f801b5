/** All kinds of faults, by the name that plans use. */
import { eachTarget } from "./each-target.ts";
import type { FaultKind } from "./fault.ts";
import { clockDrift } from "./faults/clock-drift.ts";
import { clockJump } from "./faults/clock-jump.ts";
import { clockStrobe } from "./faults/clock-strobe.ts";
import { diskFull } from "./faults/disk-full.ts";
import { flaky } from "./faults/flaky.ts";
import { kill } from "./faults/kill.ts";
import { link } from "./faults/link.ts";
import { partition } from "./faults/partition.ts";
import { pause } from "./faults/pause.ts";
import { powerLoss } from "./faults/power-loss.ts";
import { shutdown } from "./faults/shutdown.ts";
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
  ].map((kind) => [kind.kind, eachTarget(kind)]),
);

/** The names of all kinds. */
export const FAULT_KINDS: readonly string[] = [...KINDS.keys()];

/** @throws TypeError naming the unknown kind and those that exist. */
export function faultKind(name: string): FaultKind {
  const kind = KINDS.get(name);
  if (kind === undefined)
    throw new TypeError(`there is no fault ${JSON.stringify(name)}; there are ${FAULT_KINDS.join(", ")}`);
  return kind;
}
