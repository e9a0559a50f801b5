/** The version of a library with which what a campaign shows of it changes. */
import { campaigns } from "../../campaigns/index.ts";
import { didYouMean } from "../../history/suggest.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { lockMatrix } from "../../report/locks/lock-matrix.ts";
import type { Campaign } from "../../runner/campaign.ts";
import { adapterJobs } from "../plan/adapter-jobs.ts";
import { adapterReplacement } from "../replace/replace-adapter.ts";
import type { MakeRuns } from "../runs/session.ts";
import { adapterKindNamed } from "../../workloads/adapter-kinds.ts";
import { isOfAdapters, kindOfCampaign } from "../select/campaign-kinds.ts";
import { findFlip } from "./find-flip.ts";
import { versionsBetween } from "./versions-between.ts";

/** What is looked for. */
export interface Bisection {
  /** Without a version, such as `redis-semaphore/Mutex`. */
  readonly library: string;
  readonly campaign: Campaign;
  /** In order. */
  readonly versions: readonly string[];
  readonly seed: number;
}

export interface BisectObserver {
  readonly notice: (sentence: string) => void;
  /** A version was looked at. @param words what the campaign shows of it, as the table of adapters has it */
  readonly seen: (version: string, words: string) => void;
}

export interface BisectEnd {
  /** `undecided` where the runs of a version showed nothing. */
  readonly kind: "changed" | "same" | "undecided";
  readonly sentence: string;
}

/** A run showed nothing about a version. */
class UndecidedError extends Error {
  override readonly name = "UndecidedError";
}

/**
 * Makes sure of everything before anything is run.
 * @throws UsageError when there is no such library, campaign or version; HostError when npm cannot be asked.
 */
export async function planBisection(
  library: string,
  name: string,
  { from, to, seed }: { readonly from: string; readonly to: string; readonly seed: number },
): Promise<Bisection> {
  const ofAdapters = campaigns.filter(isOfAdapters);
  const campaign = ofAdapters.find((each) => each.name === name);
  if (campaign === undefined) {
    const names = ofAdapters.map((each) => each.name);
    throw new UsageError(
      `there is no campaign of adapters ${JSON.stringify(name)}${didYouMean(name, names)}; campaigns --list --suite nightly names them all`,
    );
  }
  const { shelf } = adapterKindNamed(kindOfCampaign(campaign));
  return { library, campaign, versions: await versionsBetween(shelf, library, from, to), seed };
}

/** Looks by halves, each version once at most. */
export async function bisect(
  { library, campaign, versions, seed }: Bisection,
  make: MakeRuns,
  { notice, seen }: BisectObserver,
): Promise<BisectEnd> {
  const shown = new Map<string, string>();
  const look = async (version: string): Promise<string> => {
    const words = await lookAt(`${library}@${version}`, campaign, seed, make, notice);
    shown.set(version, words);
    seen(version, words);
    return words;
  };
  try {
    const flip = await findFlip(versions, look);
    if (flip === undefined) {
      const sentence = `${campaign.name} shows the same of ${library} ${versions[0]} and ${versions.at(-1)}`;
      return { kind: "same", sentence };
    }
    const told = (version: string): string => `${version} (${shown.get(version)})`;
    const sentence = `${campaign.name} changes between ${library} ${told(flip.before)} and ${told(flip.after)}`;
    return { kind: "changed", sentence };
  } catch (error) {
    if (!(error instanceof UndecidedError)) throw error;
    return { kind: "undecided", sentence: error.message };
  }
}

async function lookAt(
  adapter: string,
  campaign: Campaign,
  seed: number,
  make: MakeRuns,
  notice: BisectObserver["notice"],
): Promise<string> {
  const [end] = await make(adapterJobs(await adapterReplacement(adapter, notice), campaign, [seed]));
  const verdict = end?.kind === "judged" ? end.judged.verdict : undefined;
  const cell = lockMatrix([{ lock: adapter, campaign: campaign.name, verdict }]).cell(adapter, campaign.name);
  if (cell === undefined || cell.tone === "doubtful")
    throw new UndecidedError(`${campaign.name} decides nothing of ${adapter}: ${cell?.words ?? "not run"}`);
  return cell.words;
}
