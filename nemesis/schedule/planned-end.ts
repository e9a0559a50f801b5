/** When the faults of a plan are to be over, as far as the plan alone tells it. */
import type { FaultPlan, Moment } from "../../history/plan.ts";

/** What is left of the load after a fault whose end only the run can tell. */
const QUIET_SHARE = 0.25;

/**
 * Milliseconds that the load is to go on after each fault, by the fault's id: as long as the plan leaves between the
 * planned end of the fault and the end of the load, or a quarter of the load where the end depends on what the run
 * shows. The beginning counts for a fault that lasts until the load ends. Pure.
 */
export function plannedQuiet(faults: readonly FaultPlan[], loadMs: number): Map<string, number> {
  const byId = new Map(faults.map((fault) => [fault.id, fault]));
  return new Map(
    faults.map((fault) => {
      const over = fault.end === undefined ? startOf(fault, byId, new Set()) : endOf(fault, byId, new Set());
      return [fault.id, over === undefined ? loadMs * QUIET_SHARE : Math.max(0, loadMs - over)];
    }),
  );
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
