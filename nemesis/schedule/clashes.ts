/**
 * Steps of a plan that make no sense together, as far as that is certain before the run: one begins while another keeps
 * its target down or stopped. What cannot be known here, because a moment or a target depends on the run, is left to
 * the probes.
 */
import type { Json } from "../../history/operation.ts";
import type { FaultPlan, Moment } from "../../history/plan.ts";
import { optionType } from "../fault-options.ts";
import { faultKind } from "../registry.ts";
import type { Parties } from "./names.ts";
import { formatDuration } from "./words.ts";

export interface Clash {
  /** The fault that begins too early, or too late. */
  readonly fault: FaultPlan;
  /** The one that acts at that time. */
  readonly under: FaultPlan;
  /** Whom both strike. */
  readonly target: string;
  /** One sentence that names both, and what to do. */
  readonly sentence: string;
}

/** Pure; in the order of the faults. */
export function clashesIn(faults: readonly FaultPlan[], parties: Parties): Clash[] {
  const byId = new Map(faults.map((fault) => [fault.id, fault]));
  return faults.flatMap((fault, position) => {
    const targets = targetsOf(fault, parties);
    if (targets.length === 0) return [];
    return faults.flatMap((under, other) => {
      if (under === fault || !actsAt(under, other, fault, position, parties, byId)) return [];
      const { leaves } = faultKind(under.kind);
      if (leaves === undefined || (leaves === "stopped" && faultKind(fault.kind).reachesStopped === true)) return [];
      const target = targetsOf(under, parties).find((name) => targets.includes(name));
      return target === undefined
        ? []
        : [{ fault, under, target, sentence: sentenceOf(fault, under, target, leaves, parties) }];
    });
  });
}

/**
 * Whether `under` certainly acts at the moment when `fault` begins. Moments that depend on what happens in the run are
 * never certain.
 */
function actsAt(
  under: FaultPlan,
  underPosition: number,
  fault: FaultPlan,
  position: number,
  parties: Parties,
  byId: ReadonlyMap<string, FaultPlan>,
): boolean {
  if (!comesAfter(fault, under, byId, new Set())) return false;
  const [later, earlier] = [anchored(fault.start), anchored(under.start)];
  const together = later !== undefined && earlier !== undefined && later.anchor === earlier.anchor;
  // When two begin in the same moment, the one that is written later is told.
  if (together && later.ms === earlier.ms && position < underPosition) return false;
  if (endsForGood(under, parties) || under.end === undefined) return true;
  const { afterMs, ...more } = under.end;
  if (afterMs === undefined || Object.keys(more).length > 0) return false;
  if (later?.anchor === `${under.id} active`) return later.ms < afterMs;
  return together && later.ms - earlier.ms < afterMs;
}

/** Whether a fault certainly begins no earlier than another one. */
function comesAfter(
  fault: FaultPlan,
  other: FaultPlan,
  byId: ReadonlyMap<string, FaultPlan>,
  seen: Set<string>,
): boolean {
  if (seen.has(fault.id)) return false;
  seen.add(fault.id);
  const [later, earlier] = [anchored(fault.start), anchored(other.start)];
  if (later !== undefined && earlier !== undefined && later.anchor === earlier.anchor && later.ms >= earlier.ms)
    return true;
  const before = fault.start.after === undefined ? undefined : byId.get(fault.start.after.fault);
  return before !== undefined && (before === other || comesAfter(before, other, byId, seen));
}

/** A moment as a time from something; undefined when it waits for what the run shows. */
function anchored({
  after,
  on,
  at,
  afterMs = 0,
}: Moment): { readonly anchor: string; readonly ms: number } | undefined {
  if (on !== undefined || at !== undefined) return undefined;
  return { anchor: after === undefined ? "load" : `${after.fault} ${after.stage}`, ms: afterMs };
}

/** A worker that has ended does not come back. */
function endsForGood(fault: FaultPlan, { workers }: Parties): boolean {
  const names = namesIn(fault);
  return faultKind(fault.kind).leaves === "down" && names.length > 0 && names.every((name) => workers.includes(name));
}

/**
 * The nodes and workers that a fault names and acts on; words for those who are it at the moment say nothing before the
 * run.
 */
function targetsOf(fault: FaultPlan, { nodes, workers }: Parties): string[] {
  const groups: Readonly<Record<string, readonly string[]>> = { nodes, workers };
  return namesIn(fault).flatMap(
    (name) => groups[name] ?? (nodes.includes(name) || workers.includes(name) ? [name] : []),
  );
}

function namesIn({ kind, options }: FaultPlan): string[] {
  const { options: declared } = faultKind(kind);
  if (optionType(declared, "target") !== "names") return [];
  const target: Json | undefined = options["target"];
  return (Array.isArray(target) ? (target as Json[]) : [target]).filter((name) => typeof name === "string");
}

function sentenceOf(
  fault: FaultPlan,
  under: FaultPlan,
  target: string,
  leaves: "down" | "stopped",
  parties: Parties,
): string {
  const [one, other] = [JSON.stringify(fault.id), JSON.stringify(under.id)];
  if (endsForGood(under, parties)) {
    return `${one} strikes ${target}, which ${other} has ended for good by then: a client does not come back. Let ${one} begin before it, or strike somebody else`;
  }
  const until = under.end?.afterMs === undefined ? "until the load ends" : `for ${formatDuration(under.end.afterMs)}`;
  return `${one} strikes ${target} while ${other} keeps it ${leaves} ${until}: it can do nothing there. Let ${one} begin after ${other} has healed (\`after ${under.id} healed\`), or strike somebody else`;
}
