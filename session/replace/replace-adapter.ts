/** `--adapter`: campaigns with a user's own lock, consumer, cache, leader or client, or with a library. */
import type { Claim, Plan } from "../../history/plan.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { userFolder } from "../../machine/user-folder.ts";
import type { Campaign } from "../../runner/campaign.ts";
import { describeAdapter } from "../../runner/errand/describe-adapter.ts";
import { installAdapter } from "../../runner/plan/install-libraries.ts";
import type { AdapterKindName } from "../../workloads/adapter/adapter.ts";
import type { AdapterSource } from "../../workloads/adapter/adapter-source.ts";
import { adapterSource, shippedName, sourceName } from "../../workloads/adapter/adapter-source.ts";
import { adapterKindNamed, SHELVES } from "../../workloads/adapter-kinds.ts";
import { isOfAdapters, kindOfCampaign, KIND_WORDS } from "../select/campaign-kinds.ts";
import { deliveryRules } from "./delivery-rules.ts";
import { cacheRules } from "./cache-rules.ts";
import { clientRules } from "./client-rules.ts";
import type { KindRules } from "./kind-rules.ts";
import { leaderRules } from "./leader-rules.ts";
import { lockRules } from "./lock-rules.ts";

/** Another adapter for every plan. */
export interface AdapterReplacement {
  readonly kind: AdapterKindName;
  /** Its name, with its version. */
  readonly name: string;
  /** How it was asked for. */
  readonly named: string;
  /** Those of the campaigns that the adapter can be put through; says which it cannot. */
  suiting(campaigns: readonly Campaign[], say: (sentence: string) => void): readonly Campaign[];
  /** The campaign's plan with it; of a campaign that puts several side by side, it is there alone. */
  plan(campaign: Campaign, seed: number): Plan;
  /** Why a plan of a suitable campaign is not run all the same, in one sentence. */
  whyRefused(plan: Plan): string | undefined;
}

const RULES: readonly KindRules[] = [lockRules, deliveryRules, cacheRules, leaderRules, clientRules];

/**
 * More campaigns than this that do not suit an adapter are not all named: `--all-adapters` would fill a screen for
 * each.
 */
const MOST_NAMED = 6;

/**
 * Installs the adapter's package where it is a library that redquake knows, and loads the adapter, apart from this
 * process.
 * @throws AdapterError, AdapterFailedError when it cannot be used; HostError when its package cannot be installed.
 */
export async function adapterReplacement(named: string, say: (sentence: string) => void): Promise<AdapterReplacement> {
  const source = adapterSource(named, userFolder(), SHELVES);
  await installAdapter(source);
  const facts = await describeAdapter(source, say);
  const { name } = facts;
  const kind = adapterKindNamed(facts.kind);
  const rules = rulesOf(kind.kind);
  const systems: readonly string[] = facts.systems ?? kind.systemsOf(facts);
  const planWith = (campaign: Campaign, seed: number): Plan => {
    const plan = rules.plan(campaign, seed, facts);
    return {
      ...plan,
      description: `${plan.description} The ${kind.kind} is ${name}, not the campaign's own.`,
      options: { ...plan.options, [kind.kind]: name, adapter: planned(source) },
      // What is measured is what its user runs.
      profile: "app",
      // Promises stay promises; nothing is expected from an adapter about which no expectation is written down.
      claims: rules
        .claims(plan, facts)
        .map((claim) => withExpectation(claim, rules.expectation(name, plan.campaign, claim.id))),
    };
  };
  return {
    kind: kind.kind,
    name,
    named,
    suiting: (campaigns, tell) => {
      const suitable = campaigns
        .filter((campaign) => kindOfCampaign(campaign) === kind.kind && rules.isForOthers(campaign))
        .filter((campaign) => {
          const plan = planWith(campaign, 1);
          return systems.includes(plan.system.kind) && plan.claims.length > 0;
        });
      const others = campaigns.filter((campaign) => !suitable.includes(campaign));
      const where = `${name} is for ${systems.join(" and ")}${rules.limits(facts)}`;
      if (others.length > 0) tell(`${where}: not applicable to ${inShort(others)}`);
      return suitable;
    },
    plan: planWith,
    whyRefused: (plan) => rules.whyRefused(plan, facts, sourceName(source)),
  };
}

/** @throws UsageError when one was asked for twice; what `adapterReplacement` throws. */
export async function replacementsNamed(
  named: readonly string[],
  say: (sentence: string) => void,
): Promise<readonly AdapterReplacement[]> {
  const replacements: AdapterReplacement[] = [];
  for (const each of named) {
    const replacement = await adapterReplacement(each, say);
    const twin = replacements.find(({ name }) => name === replacement.name);
    if (twin !== undefined)
      throw new UsageError(
        `--adapter ${JSON.stringify(twin.named)} and --adapter ${JSON.stringify(each)} both call themselves ${replacement.name}: nobody could tell their runs apart`,
      );
    replacements.push(replacement);
  }
  return replacements;
}

/**
 * Each with the campaigns that suit it.
 * @throws UsageError when none of the campaigns suits any of them.
 */
export function campaignsThatSuit(
  replacements: readonly AdapterReplacement[],
  campaigns: readonly Campaign[],
  say: (sentence: string) => void,
): Map<AdapterReplacement, readonly Campaign[]> {
  if (!campaigns.some(isOfAdapters))
    throw new UsageError(
      `--adapter is for campaigns of ${listed(KIND_WORDS)}, and none of these is: ${names(campaigns)}`,
    );
  const suited = new Map<AdapterReplacement, readonly Campaign[]>();
  for (const replacement of replacements)
    if (![...suited.keys()].some(({ name }) => name === replacement.name))
      suited.set(replacement, replacement.suiting(campaigns, say));
  if ([...suited.values()].every((suitable) => suitable.length === 0))
    throw new UsageError(
      `${[...suited.keys()].map(({ name }) => name).join(", ")} cannot be put through ${names(campaigns)}`,
    );
  return suited;
}

/** `locks, delivery and clients` */
function listed(words: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(words);
}

function rulesOf(kind: AdapterKindName): KindRules {
  const rules = RULES.find((each) => each.kind === kind);
  if (rules === undefined) throw new RangeError(`there are no rules for adapters of the kind ${kind}`);
  return rules;
}

/** As a plan carries it. */
function planned(source: AdapterSource): Plan["options"][string] {
  return source.kind === "shipped" ? { kind: "shipped", name: shippedName(source) } : source;
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
