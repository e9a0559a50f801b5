/** `redquake campaigns`: choose, plan, run, judge, report. */
import { campaigns as shipped } from "../../../campaigns/index.ts";
import type { Plan } from "../../../history/plan.ts";
import type { Campaign, Suite } from "../../../runner/campaign.ts";
import { needsOf } from "../../../runner/equipment/needs.ts";
import { VARIANT_NAMES } from "../../../workloads/lock/libraries/registry.ts";
import { LOCK_NAMES } from "../../../workloads/lock/registry.ts";
import { flawOf } from "../../../workloads/lock/specimens/registry.ts";
import { checkPlan } from "../../../session/plan/check-plan.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { print, printJson } from "../../terminal/print.ts";
import { loadCampaigns } from "../../../session/select/load-campaigns.ts";
import { loadModulesOf } from "../../../session/plan/own-modules.ts";
import { lockReplacements } from "../../../session/replace/replace-lock.ts";
import type { LockReplacement } from "../../../session/replace/replace-lock.ts";
import { faultsReplacement } from "../../../session/replace/replace-faults.ts";
import type { FaultsFlags, FaultsReplacement } from "../../../session/replace/replace-faults.ts";
import { freshSeed, LARGEST_SEED } from "../../../session/plan/seed.ts";
import { readFailingSeeds } from "../../../session/select/read-failing-seeds.ts";
import type { FailingSeed } from "../../../store/failing-seeds.ts";
import type { Job } from "../../../session/plan/job.ts";
import type { SessionFlags } from "./run-session.ts";
import { runSession } from "./run-session.ts";
import { repeatingCommand } from "../../../session/plan/repeating-command.ts";
import { say } from "../../terminal/say.ts";
import { readDurations } from "../../../session/select/read-durations.ts";
import { selectCampaigns } from "../../../session/select/select-campaigns.ts";
import { UsageError } from "../../../machine/usage-error.ts";
import { userPath } from "../../../machine/user-folder.ts";

export interface CampaignsFlags extends SessionFlags, FaultsFlags {
  readonly list?: true;
  readonly suite?: Suite;
  readonly timeLimit?: number;
  readonly seed?: number;
  readonly repeat: number;
  /** The locks under test, instead of those that the campaigns name. */
  readonly adapter?: readonly string[];
  /** All that redquake brings along, but those that are wrong on purpose. */
  readonly allAdapters?: true;
  /** Modules that export the user's own campaigns, which take the place of those that redquake brings along. */
  readonly campaign?: readonly string[];
  /** A file of measured durations, instead of the one that redquake brings. */
  readonly durations?: string;
  /** A file of failing seeds, which are run before all others. */
  readonly failing?: string;
}

/** What the flags put in the place of a campaign's own. */
interface Replacements {
  readonly faults: FaultsReplacement | undefined;
  readonly lock: LockReplacement | undefined;
}

/** What a campaign needs is told for one of its plans. */
const LISTED_SEED = 1;

/**
 * Resolves with the exit code.
 * @throws UsageError when a pattern fits no campaign, or the flags ask for something that cannot be done.
 */
export async function campaignsAction(patterns: readonly string[], flags: CampaignsFlags): Promise<number> {
  const adapters = [
    ...(flags.adapter ?? []),
    ...(flags.allAdapters === true
      ? LOCK_NAMES.filter((name) => flawOf(name) === undefined && !VARIANT_NAMES.has(name))
      : []),
  ];
  const known = flags.campaign === undefined ? shipped : await loadCampaigns(flags.campaign);
  const selected = selectCampaigns(known, {
    patterns: patterns.length === 0 && adapters.length > 0 ? ["locks"] : patterns,
    // All of one's own are meant, unless the user says otherwise.
    suite: flags.suite ?? (flags.campaign === undefined ? undefined : "nightly"),
    shard: flags.shard,
    durations: await readDurations(flags.durations),
  });
  const locks = adapters.length === 0 ? undefined : await lockReplacements(adapters, selected, say);
  const chosen =
    locks === undefined
      ? selected
      : selected.filter((campaign) => [...locks.values()].some((suitable) => suitable.includes(campaign)));
  if (flags.list === true) {
    list(chosen, flags.json === true);
    return EXIT.wellDone;
  }
  const firstSeed = flags.seed ?? freshSeed();
  if (firstSeed + flags.repeat - 1 > LARGEST_SEED) {
    throw new UsageError(
      `--repeat ${flags.repeat} from --seed ${firstSeed} goes beyond the largest seed, ${LARGEST_SEED}: use a smaller seed`,
    );
  }
  const faults = await faultsReplacement(flags);
  // Before anything is started: a schedule may name what a campaign does not have, and steps may make no sense.
  for (const campaign of chosen) {
    const plan = planOf(campaign, firstSeed, flags, { faults, lock: undefined });
    await loadModulesOf(plan);
    checkPlan(plan, { hasOwnFaults: faults === undefined });
  }
  const failing = flags.failing === undefined ? [] : await readFailingSeeds(userPath(flags.failing));
  const code = await runSession(async () => {
    say(seedLine(firstSeed, flags));
    const jobsOf = (own: readonly Campaign[], lock: LockReplacement | undefined): Job[] =>
      planJobs(own, firstSeed, failing, flags, { faults, lock });
    if (locks === undefined) return jobsOf(chosen, undefined);
    return [...locks].flatMap(([lock, suitable]) => jobsOf(suitable, lock));
  }, flags);
  say(seedLine(firstSeed, flags));
  return code;
}

function seedLine(first: number, { repeat, seed }: CampaignsFlags): string {
  const range = repeat === 1 ? `seed ${first}` : `seeds ${first} to ${first + repeat - 1}`;
  return seed === undefined ? `${range}, drawn for this call; --seed ${first} repeats it` : range;
}

/** The failing seeds of the chosen campaigns, then every campaign once per seed; nothing twice. */
function planJobs(
  chosen: readonly Campaign[],
  firstSeed: number,
  failing: readonly FailingSeed[],
  flags: CampaignsFlags,
  replacements: Replacements,
): Job[] {
  const seeds = Array.from({ length: flags.repeat }, (_, i) => firstSeed + i);
  const again = failing.flatMap(({ campaign: name, seed }) =>
    chosen.filter((campaign) => campaign.name === name).map((campaign) => ({ campaign, seed })),
  );
  for (const { campaign, seed } of again)
    say(`first again: ${campaign.name} (seed ${seed}), which did not end well before`);
  const fresh = seeds.flatMap((seed) => chosen.map((campaign) => ({ campaign, seed })));
  const isAgain = ({ campaign, seed }: (typeof fresh)[number]): boolean =>
    again.some((each) => each.campaign === campaign && each.seed === seed);
  return [...again, ...fresh.filter((each) => !isAgain(each))].map(({ campaign, seed }) => {
    const plan = planOf(campaign, seed, flags, replacements);
    return {
      plan,
      commandLine: repeatingCommand(`campaigns ${campaign.name}`, seed, {
        ...flags,
        faults: replacements.faults?.flags,
        adapter: replacements.lock?.named,
        campaigns: flags.campaign,
      }),
      refused: replacements.lock?.whyRefused(plan),
      lock: replacements.lock?.name,
    };
  });
}

function planOf(campaign: Campaign, seed: number, { timeLimit }: CampaignsFlags, { faults, lock }: Replacements): Plan {
  const plan = lock === undefined ? campaign.plan(seed) : lock.plan(campaign, seed);
  const limited = timeLimit === undefined ? plan : { ...plan, loadMs: timeLimit };
  return faults === undefined ? limited : faults.apply(limited);
}

function list(chosen: readonly Campaign[], json: boolean): void {
  if (json) {
    for (const { name, title, suite, plan } of chosen)
      printJson({ name, title, suite, needs: needsOf(plan(LISTED_SEED)) });
    return;
  }
  const width = Math.max(0, ...chosen.map(({ name }) => name.length));
  for (const { name, title, suite } of chosen) print(`${name.padEnd(width)}  ${suite.padEnd(8)}  ${title}`);
}
