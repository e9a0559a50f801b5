/**
 * One fault of several targets is the same fault of each one, at the same time: what a kind does to one node or worker,
 * it does to a minority, to all replicas, to the nodes that the plan's words mean at the moment.
 */
import { isDeepStrictEqual } from "node:util";
import type { Json } from "../history/operation.ts";
import type { ProbeResult } from "../history/nemesis-event.ts";
import { isOfTarget, Refusal } from "./administration.ts";
import type { Fault, FaultKind } from "./fault.ts";
import { namesOption, resolveTargets } from "./targets.ts";

/** The kind, for which the option `target` may be several words that mean several nodes and workers. */
export function eachTarget(kind: FaultKind): FaultKind {
  return {
    ...kind,
    async prepare(context, options) {
      if (options["target"] === undefined || kind.takesAllTargets === true) return kind.prepare(context, options);
      const targets = await resolveTargets(context, namesOption(options, "target"), options);
      const faults = await Promise.all(targets.map((target) => kind.prepare(context, { ...options, target })));
      const [first, ...others] = faults;
      return first === undefined || others.length > 0 ? together(faults) : first;
    },
  };
}

function together(faults: readonly Fault[]): Fault {
  const all = async (act: (fault: Fault) => Promise<void>): Promise<void> => {
    // Each is carried out to its end: what has acted must be known when it is healed.
    const results = await Promise.allSettled(faults.map(act));
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
    const own = failures.find((failure) => !isOfTarget(failure));
    if (own !== undefined) throw own;
    const refused = failures.filter(isOfTarget).map(({ message }) => message);
    if (refused.length > 0) throw new Refusal(refused.join("; "));
  };
  const probes = async (probe: (fault: Fault) => Promise<ProbeResult>): Promise<ProbeResult> => {
    const seen = await Promise.all(faults.map(probe));
    return { ok: seen.every(({ ok }) => ok), saw: seen.map(({ saw }) => saw).join("; ") };
  };
  return {
    target: faults.flatMap((fault) => fault.target),
    title: faults.map((fault) => fault.title).join(", "),
    // Some of it is known only when the faults have acted.
    get detail() {
      return commonDetail(faults);
    },
    ...(faults.some(({ mayEnd }) => mayEnd === true) ? { mayEnd: true as const } : {}),
    inject: () => all((fault) => fault.inject()),
    probe: () => probes((fault) => fault.probe()),
    heal: () => all((fault) => fault.heal()),
    probeHealed: () => probes((fault) => fault.probeHealed()),
  };
}

/** What is the same for every target; the rest by the target's name. */
function commonDetail(faults: readonly Fault[]): { [key: string]: Json } {
  const details = faults.map(({ detail }) => detail ?? {});
  const [first = {}] = details;
  const common = Object.entries(first).filter(([name, value]) =>
    details.every((each) => isDeepStrictEqual(each[name], value)),
  );
  const own = faults.flatMap(({ target, detail = {} }) => {
    const rest = Object.entries(detail).filter(([name]) => !common.some(([shared]) => shared === name));
    return rest.length === 0 ? [] : [[target.join(" "), Object.fromEntries(rest)] as const];
  });
  return Object.fromEntries([...common, ...own]);
}
