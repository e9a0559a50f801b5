/** Which names in a schedule mean nothing in a run, as far as that can be told before it. */
import type { Json } from "../../history/operation.ts";
import type { FaultPlan, Moment } from "../../history/plan.ts";
import { optionType } from "../fault-options.ts";
import { faultKind } from "../registry.ts";
import { TARGET_WORDS } from "../targets.ts";

/** In a partition's groups: everybody who is in no other. */
const REST = "rest";

export interface Parties {
  readonly nodes: readonly string[];
  readonly workers: readonly string[];
}

export interface UnknownName {
  /** The id of the fault that has it. */
  readonly fault: string;
  readonly name: string;
  /** What could stand in its place. */
  readonly allowed: readonly string[];
}

/** Pure; in the order of the faults. */
export function unknownNames(faults: readonly FaultPlan[], { nodes, workers }: Parties): UnknownName[] {
  const primaries = [...nodes, "another"];
  const targets = [...nodes, ...workers, ...TARGET_WORDS];
  return faults.flatMap((fault) => {
    const moments = [fault.start, ...(fault.end === undefined ? [] : [fault.end])];
    const outside = (
      names: readonly string[],
      allowed: readonly string[],
      known = (name: string) => allowed.includes(name),
    ) => names.filter((name) => !known(name)).map((name): UnknownName => ({ fault: fault.id, name, allowed }));
    return [
      ...outside(moments.flatMap(workersIn), workers),
      ...outside(moments.flatMap(nodesIn), nodes),
      ...outside(moments.flatMap(primariesIn), primaries),
      ...outside(moments.flatMap(clocksIn), [...nodes, ...workers]),
      ...outside(targetsIn(fault), targets, (name) =>
        name.split(" of ").every((part) => targets.includes(wordOf(part)) || targets.includes(part)),
      ),
    ];
  });
}

/** `holder:KEY` is the word `holder`. */
function wordOf(name: string): string {
  const colon = name.indexOf(":");
  return colon === -1 ? name : name.slice(0, colon);
}

function workersIn({ on, at }: Moment): string[] {
  const seen = on !== undefined && "event" in on && on.worker !== undefined ? [on.worker] : [];
  return [...seen, ...(at === undefined ? [] : [at.worker])];
}

function nodesIn({ on }: Moment): string[] {
  return on !== undefined && "event" in on && on.node !== undefined ? [on.node] : [];
}

function primariesIn({ on }: Moment): string[] {
  return on !== undefined && "primary" in on ? [on.primary] : [];
}

function clocksIn({ on }: Moment): string[] {
  return on !== undefined && "clock" in on ? [on.clock] : [];
}

/** The names in those options that the fault's kind declares as such. */
function targetsIn({ kind, options }: FaultPlan): string[] {
  const declared = faultKind(kind).options;
  return Object.entries(options).flatMap(([name, value]) => {
    const type = optionType(declared, name);
    if (type !== "names" && type !== "groups") return [];
    return texts(value).filter((each) => type === "names" || each !== REST);
  });
}

function texts(value: Json): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? (value as Json[]).flatMap(texts) : [];
}
