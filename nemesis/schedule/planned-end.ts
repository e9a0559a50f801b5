/** When the faults of a plan are to be over, as far as the plan alone tells it. */
import type { FaultPlan, Moment } from "../../history/plan.ts";

/**
 * Milliseconds that the plan leaves between the planned end of each fault and the end of the load, by the fault's id.
 * The beginning counts for a fault that lasts until the load ends. Faults whose moments depend on what the run shows,
 * and those that the plan leaves no time after, are not among them. Pure.
 */
export function plannedQuiet(faults: readonly FaultPlan[], loadMs: number): Map<string, number> {
  const byId = new Map(faults.map((fault) => [fault.id, fault]));
  const quiet = faults.flatMap((fault): [string, number][] => {
    const over = fault.end === undefined ? startOf(fault, byId, new Set()) : endOf(fault, byId, new Set());
    return over === undefined || over >= loadMs ? [] : [[fault.id, loadMs - over]];
  });
  return new Map(quiet);
}

type Faults = ReadonlyMap<string, FaultPlan>;

/** Milliseconds from the start of the load; undefined when only the run can tell. */
function startOf(fault: FaultPlan, faults: Faults, seen: Set<FaultPlan>): number | undefined {
  return momentOf(fault.start, () => 0, faults, seen);
}

function endOf(fault: FaultPlan, faults: Faults, seen: Set<FaultPlan>): number | undefined {
  return fault.end && momentOf(fault.end, () => startOf(fault, faults, seen), faults, seen);
}

function momentOf(
  { after, on, at, and, afterMs = 0 }: Moment,
  otherwise: () => number | undefined,
  faults: Faults,
  seen: Set<FaultPlan>,
): number | undefined {
  if (on !== undefined || at !== undefined || and !== undefined) return undefined;
  if (after === undefined) return plus(otherwise(), afterMs);
  const before = faults.get(after.fault);
  // Faults that wait for each other never begin.
  if (before === undefined || seen.has(before)) return undefined;
  const further = new Set(seen).add(before);
  return plus(after.stage === "active" ? startOf(before, faults, further) : endOf(before, faults, further), afterMs);
}

function plus(time: number | undefined, ms: number): number | undefined {
  return time === undefined ? undefined : time + ms;
}
