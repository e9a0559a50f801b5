/** All kinds of faults, by the name that plans use. */
import { eachTarget } from "./each-target.ts";
import type { z } from "zod";
import type { FaultKind } from "./fault.ts";
import { activeExpire } from "./faults/active-expire.ts";
import { addNode } from "./faults/add-node.ts";
import { clientKill } from "./faults/client-kill.ts";
import { clientPause } from "./faults/client-pause.ts";
import { clockDrift } from "./faults/clock-drift.ts";
import { clockJump } from "./faults/clock-jump.ts";
import { clockStrobe } from "./faults/clock-strobe.ts";
import { clusterFailover } from "./faults/cluster-failover.ts";
import { clusterPacketFilter } from "./faults/cluster-packet-filter.ts";
import { command } from "./faults/command.ts";
import { debugSleep } from "./faults/debug-sleep.ts";
import { diskFull } from "./faults/disk-full.ts";
import { evict } from "./faults/evict.ts";
import { flaky } from "./faults/flaky.ts";
import { kill } from "./faults/kill.ts";
import { link } from "./faults/link.ts";
import { packetDelay } from "./faults/packet-delay.ts";
import { packetDrop } from "./faults/packet-drop.ts";
import { packetDuplicate } from "./faults/packet-duplicate.ts";
import { packetLoss } from "./faults/packet-loss.ts";
import { packetReorder } from "./faults/packet-reorder.ts";
import { partition } from "./faults/partition.ts";
import { pause } from "./faults/pause.ts";
import { powerLoss } from "./faults/power-loss.ts";
import { readOnlyDisk } from "./faults/read-only-disk.ts";
import { removeNode } from "./faults/remove-node.ts";
import { scriptFlush } from "./faults/script-flush.ts";
import { sentinelCrash } from "./faults/sentinel-crash.ts";
import { sentinelFailover } from "./faults/sentinel-failover.ts";
import { shutdown } from "./faults/shutdown.ts";
import { slotMigration } from "./faults/slot-migration.ts";
import { stall } from "./faults/stall.ts";
import { truncateAof } from "./faults/truncate-aof.ts";

const DECLARED = {
  pause,
  stall,
  shutdown,
  kill,
  link,
  flaky,
  partition,
  "packet-drop": packetDrop,
  "packet-loss": packetLoss,
  "packet-delay": packetDelay,
  "packet-reorder": packetReorder,
  "packet-duplicate": packetDuplicate,
  "clock-jump": clockJump,
  "clock-drift": clockDrift,
  "clock-strobe": clockStrobe,
  "power-loss": powerLoss,
  "truncate-aof": truncateAof,
  "disk-full": diskFull,
  "sentinel-failover": sentinelFailover,
  "cluster-failover": clusterFailover,
  "slot-migration": slotMigration,
  "add-node": addNode,
  "remove-node": removeNode,
  "read-only-disk": readOnlyDisk,
  "client-kill": clientKill,
  "client-pause": clientPause,
  "script-flush": scriptFlush,
  evict,
  "debug-sleep": debugSleep,
  "active-expire": activeExpire,
  "cluster-packet-filter": clusterPacketFilter,
  "sentinel-crash": sentinelCrash,
  command,
};

/** The name of a kind of fault. */
export type FaultName = keyof typeof DECLARED;

/** What a plan may say to a fault of this kind; every one takes a seed for what it draws. */
export type FaultOptionsOf<Name extends FaultName> = Flat<
  z.input<(typeof DECLARED)[Name]["options"]> & { readonly seed?: number }
>;

/** One object type, in which the compiler finds what is misspelt. */
type Flat<Type> = { readonly [Key in keyof Type]: Type[Key] };

const KINDS = new Map<string, FaultKind>(
  Object.entries<FaultKind>(DECLARED).map(([name, kind]) => [name, eachTarget(kind)]),
);

const names = [...KINDS.keys()];

/** The names of all kinds. */
export const FAULT_KINDS: readonly string[] = names;

/** Kinds of the user's own, as they are defined. */
const own = new Map<string, FaultKind>();

/** @throws TypeError when another kind has the name. */
export function addFault(kind: FaultKind): void {
  if (own.get(kind.kind) === kind) return;
  if (KINDS.has(kind.kind))
    throw new TypeError(`there is a fault ${JSON.stringify(kind.kind)} already: choose another name`);
  own.set(kind.kind, kind);
  KINDS.set(kind.kind, eachTarget(kind));
  names.push(kind.kind);
}

/** @throws TypeError naming the unknown kind and those that exist. */
export function faultKind(name: string): FaultKind {
  const kind = KINDS.get(name);
  if (kind === undefined)
    throw new TypeError(`there is no fault ${JSON.stringify(name)}; there are ${FAULT_KINDS.join(", ")}`);
  return kind;
}
