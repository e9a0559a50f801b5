/** `redquake bisect`: each version as it is looked at, and where what is seen changes. */
import { bisect, planBisection } from "../../../session/bisect/bisect.ts";
import { UsageError } from "../../../machine/usage-error.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { freshSeed } from "../../../session/plan/seed.ts";
import { print } from "../../terminal/print.ts";
import { say } from "../../terminal/say.ts";
import type { SessionFlags } from "./run-session.ts";
import { withSession } from "./run-session.ts";

export interface BisectFlags extends SessionFlags {
  readonly from?: string;
  readonly to?: string;
  /** A library of clients; then the first argument is the range. */
  readonly client?: string;
  readonly seed?: number;
}

/**
 * Resolves with the exit code.
 * @param first the library, or the range of versions where a client is named
 * @throws UsageError when it is not said which versions are meant; what `planBisection` and `withSession` throw.
 */
export async function bisectAction(first: string, campaign: string, flags: BisectFlags): Promise<number> {
  const { seed = freshSeed() } = flags;
  const { library, from, to } = asked(first, flags);
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

interface Asked {
  readonly library: string;
  readonly from: string;
  readonly to: string;
}

/** @throws UsageError */
function asked(first: string, { client, from, to }: BisectFlags): Asked {
  if (client === undefined) {
    if (from === undefined || to === undefined)
      throw new UsageError("which versions are meant? Give both --from <version> and --to <version>");
    return { library: first, from, to };
  }
  if (from !== undefined || to !== undefined)
    throw new UsageError(
      "with --client the versions are the first argument, as 5.8.3..6.3.1: leave out --from and --to",
    );
  const [low = "", high = "", ...more] = first.split("..");
  if (low === "" || high === "" || more.length > 0)
    throw new UsageError(
      `${JSON.stringify(first)} is no range of versions: write the first and the last one with two dots between, as 5.8.3..6.3.1`,
    );
  return { library: client, from: low, to: high };
}
