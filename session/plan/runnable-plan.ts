/** The plan of a stored run, made sure of before it is carried out: it may come from a stranger. */
import { campaigns } from "../../campaigns/index.ts";
import { isChecker } from "../../checkers/registry.ts";
import { FileRefusal } from "../../history/readers/open-file.ts";
import type { Plan } from "../../history/plan.ts";
import { shapeProblem } from "../../history/plan-schema.ts";
import { ownFiles, readDocument } from "../../store/own-files.ts";
import { codeIn } from "../../runner/plan/plan-code.ts";
import { planProblem } from "../../runner/plan/plan-problem.ts";
import { loadModulesOf, withheldModules } from "./own-modules.ts";
import { shellQuoted } from "../shell-quoted.ts";
import { UsageError } from "../../machine/usage-error.ts";

/**
 * @param named as the user named the run
 * @param allowed what the user allows it to execute, in the words of `codeIn`
 * @throws UsageError when there is no plan, when it is none that can be carried out, or when it would execute what was
 *   not allowed; RefusedRun.
 */
export async function runnablePlan(folder: string, named: string, allowed: readonly string[]): Promise<Plan> {
  if (!(await ownFiles(folder)).has("plan.json")) {
    throw new UsageError(
      `${JSON.stringify(named)} has no plan.json, so it cannot be run again: name the folder of a stored run`,
    );
  }
  const refuse = (problem: string): UsageError =>
    new UsageError(`${named} cannot be run again: its plan.json ${problem}`);
  const content = await contentOf(folder, refuse);
  const wrong = shapeProblem(content);
  if (wrong !== undefined) throw refuse(`has ${wrong}`);
  const plan = content as Plan;
  const withheld = withheldModules(plan, allowed);
  if (withheld.length > 0) throw new UsageError(refusalOf(named, withheld));
  await loadModulesOf(plan);
  const checker = plan.claims.map((claim) => claim.checker).find((name) => !isChecker(name));
  if (checker !== undefined) throw refuse(`names the checker ${JSON.stringify(checker)}, which does not exist`);
  const problem = problemIn(plan);
  if (problem !== undefined) throw refuse(`makes no sense: ${problem}`);
  const code = unknownCode(plan).filter((each) => !allowed.includes(each));
  if (code.length > 0) throw new UsageError(refusalOf(named, code));
  return plan;
}

async function contentOf(folder: string, refuse: (problem: string) => UsageError): Promise<unknown> {
  try {
    return await readDocument(folder, "plan.json");
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse(`is damaged (${error.message})`);
    if (error instanceof FileRefusal) throw refuse(`is refused: ${error.message}`);
    throw error;
  }
}

function problemIn(plan: Plan): string | undefined {
  try {
    codeIn(plan);
    return planProblem(plan);
  } catch (error) {
    // An option is not what its reader takes.
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

/** What the shipped campaign of that name plans for that seed is redquake's own. */
function unknownCode(plan: Plan): string[] {
  const own = campaigns.find(({ name }) => name === plan.campaign);
  const known = own === undefined ? [] : codeIn(own.plan(plan.seed));
  return codeIn(plan).filter((each) => !known.includes(each));
}

function refusalOf(named: string, code: readonly string[]): string {
  const flags = code.map((each) => `--allow-code ${shellQuoted(each)}`);
  return [
    `the plan of ${named} would have this machine execute what is not redquake's own; allow it only where you know where the plan comes from:`,
    ...flags.map((flag) => `  ${flag}`),
  ].join("\n");
}
