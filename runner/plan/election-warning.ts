/**
 * Whether a plan takes a primary away from a system that could not elect another one: its clients then wait for what
 * never comes.
 */
import type { Json } from "../../history/operation.ts";
import type { FaultPlan, Plan } from "../../history/plan.ts";
import type { NodeSpec } from "../../hosts/host.ts";
import { faultKind } from "../../nemesis/registry.ts";
import { systemOf } from "../../systems/registry.ts";
import type { System } from "../../systems/system.ts";

/** Kinds that may leave a primary without contact to the others, although its process goes on. */
const CUTTING: readonly string[] = ["partition", "packet-drop", "disk-full", "read-only-disk", "debug-sleep"];

/** One sentence with the remedy; undefined where nothing of the kind is to be expected. */
export function electionWarning(plan: Plan): string | undefined {
  const system = systemOf(plan.system);
  const { because, remedy } = system.cannotElect ?? fewSentinels(plan, system) ?? {};
  if (because === undefined || remedy === undefined) return undefined;
  const first = plan.faults.find((fault) => mayTakePrimaryAway(fault, plan, system));
  if (first === undefined) return undefined;
  return (
    `${because}, so nobody is elected in its place when the fault ${JSON.stringify(first.id)} takes one away: ` +
    `nothing may work then until the fault has healed, or ever after; ${remedy}, or leave the fault out`
  );
}

/** The faults themselves take so many sentinels away that the others are no majority. */
function fewSentinels({ faults }: Plan, { specs }: System): System["cannotElect"] {
  const sentinels = namesOf(specs, "sentinel");
  const gone = new Set(
    faults
      .filter(({ kind }) => faultKind(kind).leaves !== undefined)
      .flatMap((fault) => targetWords(fault))
      .flatMap((word) =>
        word === "sentinels" || word === "nodes" ? sentinels : sentinels.includes(word) ? [word] : [],
      ),
  );
  const left = sentinels.length - gone.size;
  if (gone.size === 0 || left > sentinels.length / 2) return undefined;
  return {
    because: `the plan's faults leave ${left} of ${sentinels.length} sentinels, which is no majority`,
    remedy: "leave more than half of them alone",
  };
}

/** By words, as far as they say anything before the run: whom it does not name it may mean. */
function mayTakePrimaryAway(fault: FaultPlan, { workers }: Plan, { specs }: System): boolean {
  if (CUTTING.includes(fault.kind)) return true;
  if (faultKind(fault.kind).leaves === undefined) return false;
  const others = new Set([...workers.map(({ name }) => name), ...namesOf(specs, "sentinel"), ...NEVER_PRIMARY]);
  return targetWords(fault).some(
    (word) => !others.has(word) && !NEVER_PRIMARY.some((group) => word.endsWith(` of ${group}`)),
  );
}

/** Words for nodes and workers that are no primaries. */
const NEVER_PRIMARY: readonly string[] = ["workers", "replicas", "sentinels", "holder", "leader-sentinel"];

function targetWords({ options }: FaultPlan): string[] {
  const target: Json | undefined = options["target"];
  return (Array.isArray(target) ? (target as Json[]) : [target]).filter((word) => typeof word === "string");
}

function namesOf(specs: readonly NodeSpec[], kind: NodeSpec["kind"]): string[] {
  return specs.filter((spec) => spec.kind === kind).map(({ name }) => name);
}
