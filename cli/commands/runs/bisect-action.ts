/** `redquake bisect LIBRARY CAMPAIGN`: each version as it is looked at, and where what is seen changes. */
import { bisect, planBisection } from "../../../session/bisect/bisect.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { freshSeed } from "../../../session/plan/seed.ts";
import { print } from "../../terminal/print.ts";
import { say } from "../../terminal/say.ts";
import type { SessionFlags } from "./run-session.ts";
import { withSession } from "./run-session.ts";

export interface BisectFlags extends SessionFlags {
  readonly from: string;
  readonly to: string;
  readonly seed?: number;
}

/**
 * Resolves with the exit code.
 * @throws what `planBisection` and `withSession` throw.
 */
export async function bisectAction(library: string, campaign: string, flags: BisectFlags): Promise<number> {
  const { from, to, seed = freshSeed() } = flags;
  const bisection = await planBisection(library, campaign, { from, to, seed });
  say(`${bisection.versions.length} versions of ${library}, from ${from} to ${to}; seed ${seed}`);
  return withSession(flags, async (make) => {
    const seen = (version: string, words: string): void => print(`${version}: ${words}`);
    const { kind, sentence } = await bisect(bisection, make, { notice: say, seen });
    if (kind === "undecided") say(sentence);
    else print(sentence);
    return kind === "changed" ? EXIT.wellDone : EXIT.undecided;
  });
}
