/** Which words a shell may offer where redquake's command line asks for a name of something that it has. */
import { campaigns } from "../../campaigns/index.ts";
import { nextInSchedule } from "../../nemesis/schedule/next-words.ts";
import { LOCK_NAMES } from "../../workloads/lock/registry.ts";
import { modelNames } from "../judge/model-names.ts";
import { isOfLocks } from "../select/select-campaigns.ts";

/** A word, and what it is. */
export type Offer = readonly [word: string, what: string];

/** What may be offered, given what the user has written of the word. */
type Offers = (written: string) => readonly Offer[];

const campaignNames: Offers = () => campaigns.map(({ name, title }) => [name, title]);
const lockCampaigns: Offers = () => campaigns.filter(isOfLocks).map(({ name, title }) => [name, title]);
const locks: Offers = () => LOCK_NAMES.map((name) => [name, ""]);
const models: Offers = () => modelNames().map((name) => [name, ""]);
const schedules: Offers = (written) => [
  ["seeded", "faults drawn from the seed"],
  ["swarm", "few kinds of faults, drawn from the seed"],
  ...nextInSchedule(written),
];

/** By command, then by the option's name without its dashes, or by the argument's name. */
export const OFFERS: Readonly<Record<string, Readonly<Record<string, Offers>>>> = {
  campaigns: { patterns: campaignNames, faults: schedules, adapter: locks },
  bisect: { library: locks, campaign: lockCampaigns },
  check: { model: models },
  nightly: { patterns: campaignNames },
};
