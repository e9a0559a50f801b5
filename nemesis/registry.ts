/** All kinds of faults, by the name that plans use. */
import type { FaultKind } from "./fault.ts";
import { clockJump } from "./faults/clock-jump.ts";
import { flaky } from "./faults/flaky.ts";
import { kill } from "./faults/kill.ts";
import { link } from "./faults/link.ts";
import { partition } from "./faults/partition.ts";
import { pause } from "./faults/pause.ts";

const KINDS: ReadonlyMap<string, FaultKind> = new Map(
  [pause, kill, link, flaky, partition, clockJump].map((kind) => [kind.kind, kind]),
);

/** @throws TypeError naming the unknown kind and those that exist. */
export function faultKind(name: string): FaultKind {
  const kind = KINDS.get(name);
  if (kind === undefined)
    throw new TypeError(`there is no fault ${JSON.stringify(name)}; there are ${[...KINDS.keys()].join(", ")}`);
  return kind;
}
