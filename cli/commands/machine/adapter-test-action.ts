/** `redquake adapter-test`: one line for each check of an adapter's contract. */
import { testContract } from "../../../session/adapter-contract.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { freshSeed } from "../../../session/plan/seed.ts";
import type { ConformanceCheck } from "../../../workloads/adapter/conformance/check.ts";
import type { Colors } from "../../terminal/colors.ts";
import { colorsFor, paint } from "../../terminal/colors.ts";
import { print, printJson } from "../../terminal/print.ts";
import { say } from "../../terminal/say.ts";
import type { SessionFlags } from "../runs/run-session.ts";

export interface AdapterTestFlags extends Pick<SessionFlags, "host" | "redis" | "json"> {
  readonly seed?: number;
}

const MARKS = { passed: "✓", failed: "✗", skipped: "–" } as const;
const TONES = { passed: "good", failed: "bad", skipped: "doubtful" } as const;

/** Resolves with the exit code. @throws what `testContract` throws. */
export async function adapterTestAction(named: string, flags: AdapterTestFlags): Promise<number> {
  const { json, seed = freshSeed() } = flags;
  const colors = colorsFor(process.stdout);
  const seen = (check: ConformanceCheck): void => {
    if (json !== true) print(describe(check, colors));
  };
  const { adapter, checks } = await testContract(named, { ...flags, seed, notice: say, seen });
  const failed = checks.filter(({ state }) => state === "failed").length;
  if (json === true) printJson({ adapter, seed, checks });
  else if (failed === 0) print(`${adapter.name} keeps its contract.`);
  else print(`${adapter.name}: ${failed} of ${checks.length} checks failed.`);
  return failed === 0 ? EXIT.wellDone : EXIT.promiseBroken;
}

function describe({ title, state, seen }: ConformanceCheck, colors: Colors): string {
  return `${paint(colors, TONES[state])(MARKS[state])} ${colors.bold(title)}: ${seen}`;
}
