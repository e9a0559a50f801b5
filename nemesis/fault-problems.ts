/** What is wrong with planned faults, as far as that can be told before a run. */
import type { FaultPlan } from "../history/plan.ts";
import { optionNames, requiredOptions, takesOption, wantedInstead } from "./fault-options.ts";
import { FAULT_KINDS, faultKind } from "./registry.ts";

/** One sentence each, without its end. */
export function faultProblems(faults: readonly FaultPlan[]): string[] {
  return faults.flatMap((fault) =>
    problemsOf(fault).map((problem) => `the fault ${JSON.stringify(fault.id)} ${problem}`),
  );
}

function problemsOf({ kind, options }: FaultPlan): string[] {
  if (!FAULT_KINDS.includes(kind)) return [`is ${JSON.stringify(kind)}, and there are only ${FAULT_KINDS.join(", ")}`];
  const declared = faultKind(kind).options;
  const missing = requiredOptions(declared).filter((name) => !Object.hasOwn(options, name));
  return [
    ...missing.map((name) => `needs the option ${JSON.stringify(name)}`),
    ...Object.entries(options).flatMap(([name, value]) => {
      if (!takesOption(declared, name))
        return [`has the option ${JSON.stringify(name)}, and ${kind} has only ${optionNames(declared).join(", ")}`];
      const wanted = wantedInstead(declared, name, value);
      return wanted === undefined
        ? []
        : [`has the option ${JSON.stringify(name)}, which is ${wanted}, not ${JSON.stringify(value)}`];
    }),
  ];
}
