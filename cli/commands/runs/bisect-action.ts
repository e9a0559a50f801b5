/** `redquake bisect LIBRARY CAMPAIGN`: the version with which what a campaign shows of a lock library changes. */
import { campaigns } from "../../../campaigns/index.ts";
import { lockMatrix } from "../../../report/lock-matrix.ts";
import { publishedVersions } from "../../../workloads/clients/published-versions.ts";
import { LOCK_NAMES, packageOf } from "../../../workloads/lock/registry.ts";
import { didYouMean } from "../../../history/suggest.ts";
import { findFlip } from "../../../session/bisect/find-flip.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { freshSeed } from "../../../session/plan/seed.ts";
import { lockJobs } from "../../../session/plan/lock-job.ts";
import { lockReplacement } from "../../../session/replace/replace-lock.ts";
import { print } from "../../terminal/print.ts";
import type { MakeRuns } from "../../../session/runs/session.ts";
import type { SessionFlags } from "./run-session.ts";
import { withSession } from "./run-session.ts";
import { say } from "../../terminal/say.ts";
import { isOfLocks } from "../../../session/select/select-campaigns.ts";
import { UsageError } from "../../../machine/usage-error.ts";

export interface BisectFlags extends SessionFlags {
  readonly from: string;
  readonly to: string;
  readonly seed?: number;
}

/** A version of which a run did not show anything. */
class UndecidedError extends Error {
  override readonly name = "UndecidedError";
}

/**
 * Resolves with the exit code.
 * @throws UsageError when there is no such library, campaign or version; HostError when npm cannot be asked.
 */
export async function bisectAction(library: string, campaign: string, flags: BisectFlags): Promise<number> {
  const chosen = campaigns.filter(isOfLocks).find(({ name }) => name === campaign);
  if (chosen === undefined) {
    const names = campaigns.filter(isOfLocks).map(({ name }) => name);
    throw new UsageError(
      `there is no campaign of locks ${JSON.stringify(campaign)}${didYouMean(campaign, names)}; campaigns locks --list names them all`,
    );
  }
  const versions = await versionsBetween(library, flags);
  const seed = flags.seed ?? freshSeed();
  say(`${versions.length} versions of ${library}, from ${flags.from} to ${flags.to}; seed ${seed}`);
  return withSession(flags, async (run) => {
    try {
      const seen = new Map<string, string>();
      const flip = await findFlip(versions, async (version) => {
        const words = await lookAt(`${library}@${version}`, chosen, seed, run);
        seen.set(version, words);
        print(`${version}: ${words}`);
        return words;
      });
      if (flip === undefined) {
        print(`${campaign} shows the same of ${library} ${flags.from} and ${flags.to}`);
        return EXIT.undecided;
      }
      const { before, after } = flip;
      print(`${campaign} changes between ${library} ${before} (${seen.get(before)}) and ${after} (${seen.get(after)})`);
      return EXIT.wellDone;
    } catch (error) {
      if (!(error instanceof UndecidedError)) throw error;
      say(error.message);
      return EXIT.undecided;
    }
  });
}

async function lookAt(
  lock: string,
  campaign: (typeof campaigns)[number],
  seed: number,
  run: MakeRuns,
): Promise<string> {
  const [end] = await run(lockJobs(await lockReplacement(lock, say), campaign, [seed]));
  const verdict = end?.kind === "judged" ? end.judged.verdict : undefined;
  const cell = lockMatrix([{ lock, campaign: campaign.name, verdict }]).cell(lock, campaign.name);
  if (cell === undefined || cell.tone === "doubtful")
    throw new UndecidedError(`${campaign.name} decides nothing of ${lock}: ${cell?.words ?? "not run"}`);
  return cell.words;
}

/** Those that can be tested; those before a release only where one of them was asked for. */
async function versionsBetween(library: string, { from, to }: BisectFlags): Promise<readonly string[]> {
  const name = packageOf(`${library}@${from}`)?.name;
  if (name === undefined || packageOf(`${library}@${to}`) === undefined) {
    throw new UsageError(
      `there is no lock library ${JSON.stringify(`${library}@${name === undefined ? from : to}`)}${didYouMean(library, LOCK_NAMES)}; there are ${LOCK_NAMES.filter((each) => packageOf(each) !== undefined).join(", ")}`,
    );
  }
  const published = await publishedVersions(name);
  const [first, last] = [from, to].map((version) => published.indexOf(version)) as [number, number];
  if (first === -1 || last === -1 || first >= last) {
    throw new UsageError(
      `--from ${from} --to ${to} must be two versions of ${name}, the earlier one first: ${published.join(", ")}`,
    );
  }
  return published
    .slice(first, last + 1)
    .filter((version) => version === from || version === to || !version.includes("-"))
    .filter((version) => packageOf(`${library}@${version}`) !== undefined);
}
