/** What is wrong with a plan, found out before anything is started. */
import type { Plan } from "../../history/plan.ts";
import { shapeProblem } from "../../history/plan-schema.ts";
import { clashesIn } from "../../nemesis/schedule/clashes.ts";
import { systemOf } from "../../systems/registry.ts";
import { checkerNamed, isChecker } from "../../checkers/registry.ts";
import { History } from "../../history/history.ts";
import { missingFault, planProblem } from "../../runner/plan/plan-problem.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { moduleOfChecker } from "./own-modules.ts";

/**
 * @param hasOwnFaults whether the faults are the campaign's own, so that its claims must be about some of them
 * @throws UsageError that names what there is not (an option, a role, a barrier, a worker, a fault), a value out of its
 * range, or two steps of the schedule that make no sense together, and the remedy.
 */
export function checkPlan(plan: Plan, { hasOwnFaults }: { readonly hasOwnFaults: boolean }): void {
  const problem =
    planProblem(plan) ?? checkerProblem(plan) ?? (hasOwnFaults ? missingFault(plan) : undefined) ?? wrongValue(plan);
  if (problem !== undefined) throw new UsageError(`${plan.campaign} cannot be run: ${problem}`);
  const nodes = systemOf(plan.system).specs.map(({ name }) => name);
  const workers = plan.workers.map(({ name }) => name);
  const [first] = clashesIn(plan.faults, { nodes, workers });
  if (first !== undefined)
    throw new UsageError(`the faults of ${plan.campaign} make no sense together: ${first.sentence}`);
}

/** The plan is looked at as it will be stored, where what is undefined is left out. */
function wrongValue(plan: Plan): string | undefined {
  const problem = shapeProblem(JSON.parse(JSON.stringify(plan)));
  return problem === undefined ? undefined : `its plan has ${problem}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Every checker reads its options before it looks at the history, so an empty one shows what is wrong with them. */
function checkerProblem({ claims }: Plan): string | undefined {
  const nothing = new History([]);
  for (const { id, checker, options } of claims) {
    if (!isChecker(checker))
      return `the claim ${JSON.stringify(id)} names the checker ${JSON.stringify(checker)}, which does not exist`;
    try {
      checkerNamed(checker)(nothing, options);
    } catch (error) {
      const module = moduleOfChecker(checker);
      if (module !== undefined)
        return `the checker ${JSON.stringify(checker)} of ${module} cannot judge the claim ${JSON.stringify(id)}, as it throws for a history without events: ${messageOf(error)}; a checker returns a verdict on every history, and throws only for options that make no sense (here ${JSON.stringify(options)})`;
      if (!(error instanceof TypeError)) throw error;
      return `the claim ${JSON.stringify(id)} has wrong ${error.message}`;
    }
  }
  return undefined;
}
