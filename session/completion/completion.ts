/**
 * Which words a shell may offer where redquake's command line asks for a name of something that it has. A shell waits
 * for them, so only what a command needs is loaded.
 */

/** A word, and what it is. */
type Offer = readonly [word: string, what: string];

/** What may be offered, given what the user has written of the word. */
type Offers = (written: string) => readonly Offer[];

/** By the option's name without its dashes, or by the argument's name; empty for a command that asks for no names. */
export async function offersOf(command: string): Promise<Readonly<Record<string, Offers>>> {
  switch (command) {
    case "campaigns":
      return { patterns: await campaignNames(), faults: await schedules(), adapter: await lockNames() };
    case "nightly":
      return { patterns: await campaignNames() };
    case "bisect":
      return { library: await lockNames(), campaign: await lockCampaignNames() };
    case "check":
      return { model: await models() };
    default:
      return {};
  }
}

async function campaignNames(): Promise<Offers> {
  const { campaigns } = await import("../../campaigns/index.ts");
  return () => campaigns.map(({ name, title }) => [name, title]);
}

async function lockCampaignNames(): Promise<Offers> {
  const [{ campaigns }, { isOfLocks }] = await Promise.all([
    import("../../campaigns/index.ts"),
    import("../select/campaign-kinds.ts"),
  ]);
  return () => campaigns.filter(isOfLocks).map(({ name, title }) => [name, title]);
}

async function lockNames(): Promise<Offers> {
  const { SHELVES } = await import("../../workloads/adapter-kinds.ts");
  return () => SHELVES.flatMap(({ names }) => names.map((name): [string, string] => [name, ""]));
}

async function models(): Promise<Offers> {
  const { modelNames } = await import("../judge/model-names.ts");
  return () => modelNames().map((name) => [name, ""]);
}

async function schedules(): Promise<Offers> {
  const { nextInSchedule } = await import("../../nemesis/schedule/next-words.ts");
  return (written) => [
    ["seeded", "faults drawn from the seed"],
    ["swarm", "few kinds of faults, drawn from the seed"],
    ...nextInSchedule(written),
  ];
}
