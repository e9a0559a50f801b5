/** From chosen campaigns to the runs that a session is asked for. */
import type { Campaign } from "../../runner/campaign.ts";
import type { FailingSeed } from "../../store/failing-seeds.ts";
import type { FaultsReplacement } from "../replace/replace-faults.ts";
import type { AdapterReplacement } from "../replace/replace-adapter.ts";
import { checkPlan } from "./check-plan.ts";
import type { Choice } from "./choose-campaigns.ts";
import type { Job } from "./job.ts";
import { loadModulesOf } from "./own-modules.ts";
import type { RepeatingFlags } from "./repeating-command.ts";
import { repeatingCommand } from "./repeating-command.ts";

export interface PlanOptions {
  /** Runs that did not end well before: those of the chosen campaigns come first. */
  readonly failing?: readonly FailingSeed[];
  /** Faults that take the place of the campaigns' own. */
  readonly faults?: FaultsReplacement | undefined;
  /** How long the load lasts, in milliseconds, instead of what each campaign says. */
  readonly loadMs?: number | undefined;
  /** What else the command that repeats a run must say. */
  readonly command: Pick<RepeatingFlags, "host" | "redis" | "toxiproxy" | "campaigns">;
}

/** What a run is made of. */
interface Wanted {
  readonly campaign: Campaign;
  readonly seed: number;
  /** Whether it did not end well before. */
  readonly again: boolean;
}

/**
 * For each adapter, the failing seeds of its campaigns, then every campaign once per seed; nothing twice.
 * @throws UsageError when a plan cannot be carried out: a fault names what the campaign does not have, two steps make
 * no sense together, or one of its modules cannot be used.
 */
export async function planJobs(
  { campaigns, adapters }: Choice,
  seeds: readonly number[],
  options: PlanOptions,
): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (const [adapter, suitable] of adapters ?? [[undefined, campaigns] as const])
    for (const wanted of wantedRuns(suitable, seeds, options.failing ?? []))
      jobs.push(await planJob(wanted, adapter, options));
  return jobs;
}

function wantedRuns(
  campaigns: readonly Campaign[],
  seeds: readonly number[],
  failing: readonly FailingSeed[],
): readonly Wanted[] {
  const again = failing.flatMap(({ campaign: name, seed }) =>
    campaigns.filter((campaign) => campaign.name === name).map((campaign): Wanted => ({ campaign, seed, again: true })),
  );
  const isAgain = (campaign: Campaign, seed: number): boolean =>
    again.some((each) => each.campaign === campaign && each.seed === seed);
  const fresh = seeds.flatMap((seed) =>
    campaigns
      .filter((campaign) => !isAgain(campaign, seed))
      .map((campaign): Wanted => ({ campaign, seed, again: false })),
  );
  return [...again, ...fresh];
}

async function planJob(
  { campaign, seed, again }: Wanted,
  adapter: AdapterReplacement | undefined,
  { faults, loadMs, command }: PlanOptions,
): Promise<Job> {
  const own = adapter === undefined ? campaign.plan(seed) : adapter.plan(campaign, seed);
  const limited = loadMs === undefined ? own : { ...own, loadMs };
  const plan = faults === undefined ? limited : faults.apply(limited);
  await loadModulesOf(plan);
  checkPlan(plan, { hasOwnFaults: faults === undefined });
  return {
    plan,
    commandLine: repeatingCommand(`campaigns ${campaign.name}`, seed, {
      ...command,
      timeLimit: loadMs,
      faults: faults?.flags,
      adapter: adapter?.named,
    }),
    refused: adapter?.whyRefused(plan),
    adapter: adapter?.name,
    again,
  };
}
