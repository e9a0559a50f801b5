/** `--adapter`: the campaigns of locks with the user's own lock, or another one that redquake brings along. */
import { withoutExpectation } from "../../campaigns/declare/declare.ts";
import { expectationOf } from "../../campaigns/locks/words/expectations.ts";
import { isForOthers, hasLanes } from "../../campaigns/locks/words/lanes.ts";
import { lockSubjectOf } from "../../checkers/registry.ts";
import type { Claim, Plan, SystemPlan } from "../../history/plan.ts";
import type { Campaign } from "../../runner/campaign.ts";
import { flawOf } from "../../workloads/lock/specimens/registry.ts";
import { describeAdapter } from "../../runner/errand/describe-adapter.ts";
import { installLock } from "../../runner/plan/install-libraries.ts";
import { assertTtl } from "../../workloads/lock/guard.ts";
import { AdapterError } from "../../workloads/lock/adapter-error.ts";
import type { AdapterFacts } from "../../workloads/lock/adapter-shape.ts";
import { adapterSource, sourceName } from "../../workloads/lock/adapter-source.ts";
import { isOfLocks } from "../select/select-campaigns.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { userFolder } from "../../machine/user-folder.ts";

/** Another lock for every plan. */
export interface LockReplacement {
  /** Its name, with its version. */
  readonly name: string;
  /** How it was asked for. */
  readonly named: string;
  /** Those of the campaigns that the lock can be put through; says which it cannot. */
  suiting(campaigns: readonly Campaign[]): readonly Campaign[];
  /** The campaign's plan with it; of a campaign that puts several locks side by side, it is there alone. */
  plan(campaign: Campaign, seed: number): Plan;
  /** Why a plan of a suitable campaign is not run all the same, in one sentence. */
  whyRefused(plan: Plan): string | undefined;
}

/** The systems on which a lock works that locks on one server, or on a majority. */
const SYSTEMS: Readonly<Record<NonNullable<AdapterFacts["servers"]>, readonly SystemPlan["kind"][]>> = {
  one: ["single", "sentinel"],
  majority: ["independent"],
};

/**
 * More campaigns than this that do not suit a lock are not all named: `--all-adapters` would fill a screen for each.
 */
const MOST_NAMED = 6;

/**
 * Installs the lock's package where it is a library that redquake knows, and loads the adapter, apart from this
 * process.
 * @throws AdapterError, AdapterFailedError when it cannot be used; HostError when its package cannot be installed.
 */
export async function lockReplacement(named: string, say: (sentence: string) => void): Promise<LockReplacement> {
  const source = adapterSource(named, userFolder());
  await installLock(source);
  const facts = await describeAdapter(source, say);
  const { name, limit = 1 } = facts;
  const systems: readonly string[] = facts.systems ?? SYSTEMS[facts.servers ?? "one"];
  const apply = (plan: Plan): Plan => ({
    ...plan,
    description: `${plan.description} The lock is ${name}, not the campaign's own.`,
    options: { ...plan.options, lock: name, adapter: source },
    // What is measured is what its user runs.
    profile: "app",
    // Promises stay promises; nothing is expected from a lock about which no expectation is written down.
    claims: plan.claims
      .map((claim) => promisedOfOthers(claim, plan))
      .filter((claim) => limit === 1 || lockSubjectOf(claim)?.ofSemaphores === true)
      .map((claim) =>
        claim.checker === "lock-overlap" && limit > 1 ? { ...claim, options: { ...claim.options, limit } } : claim,
      )
      .map((claim) => withExpectation(withoutExpectation(claim), expectationOf(name, plan.campaign, claim.id))),
  });
  const planWith = (campaign: Campaign, seed: number): Plan =>
    apply(hasLanes(campaign) ? campaign.planForOther(seed) : campaign.plan(seed));
  return {
    name,
    named,
    suiting: (campaigns) => {
      const suitable = campaigns
        .filter((campaign) => isOfLocks(campaign) && isForOthers(campaign))
        .filter((campaign) => {
          const plan = planWith(campaign, 1);
          return systems.includes(plan.system.kind) && plan.claims.length > 0;
        });
      const others = campaigns.filter((campaign) => !suitable.includes(campaign));
      const where = `${name} is for ${systems.join(" and ")}${limit === 1 ? "" : ` and lets ${limit} hold a key`}`;
      if (others.length > 0) say(`${where}: not applicable to ${inShort(others)}`);
      return suitable;
    },
    plan: planWith,
    whyRefused: (plan) => {
      const ttlMs = plan.options["ttlMs"];
      try {
        assertTtl(facts, typeof ttlMs === "number" ? ttlMs : undefined, sourceName(source));
        return undefined;
      } catch (error) {
        if (error instanceof AdapterError) return `refused: ${error.message}`;
        throw error;
      }
    },
  };
}

/**
 * All that were asked for, each with the campaigns that suit it.
 * @throws UsageError when none of the campaigns suits any of them, or one was asked for twice; what `lockReplacement`
 * throws.
 */
export async function lockReplacements(
  named: readonly string[],
  campaigns: readonly Campaign[],
  say: (sentence: string) => void,
): Promise<Map<LockReplacement, readonly Campaign[]>> {
  if (!campaigns.some(isOfLocks))
    throw new UsageError(`--adapter is for campaigns of locks, and none of these is: ${names(campaigns)}`);
  const replacements = new Map<LockReplacement, readonly Campaign[]>();
  for (const each of named) {
    const replacement = await lockReplacement(each, say);
    const twin = [...replacements.keys()].find(({ name }) => name === replacement.name);
    if (twin !== undefined)
      throw new UsageError(
        `--adapter ${JSON.stringify(twin.named)} and --adapter ${JSON.stringify(each)} both call themselves ${replacement.name}: nobody could tell their runs apart`,
      );
    replacements.set(replacement, replacement.suiting(campaigns));
  }
  if ([...replacements.values()].every((suitable) => suitable.length === 0))
    throw new UsageError(
      `${[...replacements.keys()].map(({ name }) => name).join(", ")} cannot be put through ${names(campaigns)}`,
    );
  return replacements;
}

/**
 * What a campaign does not promise because its own lock is broken on purpose is promised of every other one: so a claim
 * has one standing wherever the same fault breaks it.
 */
function promisedOfOthers(claim: Claim, { options: { lock } }: Plan): Claim {
  const isFlawed = typeof lock === "string" && flawOf(lock) !== undefined;
  return isFlawed && claim.standing === "hoped" && claim.expect === "broken"
    ? { ...claim, standing: "promised" }
    : claim;
}

function withExpectation(claim: Claim, expect: Claim["expect"]): Claim {
  return expect === undefined ? claim : { ...claim, expect };
}

/** A few by their names, more by their number. */
function inShort(campaigns: readonly Campaign[]): string {
  const told = campaigns.length > MOST_NAMED ? campaigns.slice(0, MOST_NAMED - 1) : campaigns;
  const rest = campaigns.length - told.length;
  return rest === 0 ? names(told) : `${names(told)} and ${rest} more`;
}

function names(campaigns: readonly Campaign[]): string {
  return campaigns.map(({ name }) => name).join(", ");
}
