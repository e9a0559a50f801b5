/** Which call of a lock's adapter the faults of a campaign strike, and how: read from its plan. */
import type { FaultPlan, Moment, Plan } from "../../history/plan.ts";

export const CALLS = ["acquire", "extend", "release", "refresh"] as const;
export const ACCIDENTS = ["request late", "answer late", "lost", "twice"] as const;
/** While the lock lives; when it has expired and nobody has it; when another client has got it since. */
export const MOMENTS = ["before", "at", "after"] as const;

export interface Strike {
  readonly call: (typeof CALLS)[number];
  readonly accident: (typeof ACCIDENTS)[number];
  /** When the request, or the answer, is there, or the client is told that it is lost. */
  readonly moment: (typeof MOMENTS)[number];
}

/** What a client's library asks its servers for next, after this barrier. */
const NEXT: Readonly<Record<string, Strike["call"]>> = {
  "before-acquire": "acquire",
  granted: "refresh",
  thinking: "refresh",
  "before-extend": "extend",
  "before-release": "release",
};

/** On which a lock of redquake's own, or a library's, sends such requests. */
const SYSTEMS: readonly string[] = ["single", "independent", "sentinel"];

/** Those of all faults that are put at a client's call. */
export function strikesOf(plan: Plan): readonly Strike[] {
  if (plan.workload !== "lock" || !SYSTEMS.includes(plan.system.kind)) return [];
  return plan.faults.flatMap((fault) => {
    const call = callOf(fault);
    if (call === undefined) return [];
    return accidentsOf(fault, call, plan).map((accident) => ({ call, accident, moment: momentOf(fault, plan) }));
  });
}

function callOf({ kind, options, start: { at, on } }: FaultPlan): Strike["call"] | undefined {
  const struck = kind === "link" ? options["from"] : options["target"];
  if (options["to"] === "resource") return undefined;
  if (at !== undefined) return at.worker === struck ? NEXT[at.point] : undefined;
  return on !== undefined && "event" in on && on.worker === struck && on.event === "acquire" ? "acquire" : undefined;
}

function accidentsOf({ kind, options, start }: FaultPlan, call: Strike["call"], plan: Plan): Strike["accident"][] {
  // Who is stopped before it has asked asks late; what it has asked for already, it hears late.
  if (kind === "pause") return start.on !== undefined ? ["answer late"] : call === "acquire" ? [] : ["request late"];
  if (kind !== "link") return [];
  const { how, direction } = options;
  if (how === "hold")
    return direction === "forth" ? ["request late"] : direction === "back" ? ["answer late"] : ["lost"];
  // The client library, by its defaults, sends again what was not answered.
  if (how === "lose-reply") return plan.profile === "app" ? ["lost", "twice"] : ["lost"];
  return how === "drop" || how === "reset" || how === "down" ? ["lost"] : [];
}

function momentOf(fault: FaultPlan, plan: Plan): Strike["moment"] {
  const { how, from = "" } = fault.options;
  // The client is told at once.
  if (how === "reset" || how === "down") return "before";
  const struck = fault.kind === "link" ? from : fault.options["target"];
  const end = lastEnd(fault, plan);
  if (namesAnother(end, struck)) return "after";
  if ((end.afterMs ?? 0) < Number(plan.options["ttlMs"])) return "before";
  const isAlone = plan.faults.some(
    ({ kind, end: until }) => kind === "pause" && until?.after?.fault === fault.id && until.after.stage === "healed",
  );
  return isAlone ? "at" : "after";
}

/** For a fault that ends when another one has begun, the other's. */
function lastEnd({ end }: FaultPlan, plan: Plan): Moment {
  const next = end?.after?.stage === "active" ? plan.faults.find(({ id }) => id === end.after?.fault) : undefined;
  return next?.end ?? end ?? {};
}

/** Another client has got the lock by then. */
function namesAnother({ at, and = [], on }: Moment, struck: unknown): boolean {
  const seen = on !== undefined && "event" in on && on.type !== "invoke" ? [on.worker] : [];
  return [...(at === undefined ? [] : [at]), ...and]
    .map(({ worker }) => worker)
    .concat(seen.filter((each) => each !== undefined))
    .some((worker) => worker !== struck);
}
