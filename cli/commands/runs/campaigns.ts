/** `redquake campaigns`: its options and its help. */
import { Option } from "commander";
import { parseCount, parseDuration, parseIntensity, parseSeed, parseShard } from "../../options/arguments.ts";
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import { addRunOptions, repeatable } from "../../options/shared-options.ts";
import type { CampaignsFlags } from "./campaigns-action.ts";

export const addCampaigns: AddCommand = (program, ended) => {
  const command = program
    .command("campaigns")
    .description("run campaigns: start Redis, break things, record, judge, report")
    .argument(
      "[patterns...]",
      "names of campaigns, parts of names, names with *, or locks for all that test locks; all of the suite without any",
    )
    .option("--list", "print the campaigns instead of running them")
    .addOption(
      new Option("--suite <name>", "which campaigns (default: standard, or all that fit the patterns)").choices([
        "quick",
        "standard",
        "nightly",
      ]),
    )
    .option("--time-limit <duration>", "how long each load lasts, such as 20s or 2m", parseDuration)
    .option("--seed <n>", "repeat the plans of an earlier call (default: a new seed, printed)", parseSeed)
    .option("--repeat <n>", "run each campaign with n seeds: the seed, the next one …", parseCount, 1)
    .option(
      "--faults <what>",
      "other faults than the campaigns' own: a schedule or a file with one (docs/schedules.md), - for the standard input, or seeded or swarm, which draw them from the seed. No outcome is expected then",
    )
    .addOption(
      repeatable(
        "--adapter <what>",
        "the lock, delivery, cache, leader or client to test: your own module, 'command: …' for any language (docs/adapters.md), or a library such as redlock@4.2.0. Without patterns it goes through all campaigns of its kind that suit it. Repeat the option to compare several of one kind",
      ),
    )
    .addOption(
      repeatable(
        "--campaign <file>",
        "campaigns of your own: a module that exports them (docs/library.md). Repeat the option for several modules",
      ),
    )
    .option(
      "--all-adapters",
      "every lock that redquake knows, or delivery, cache, leader or client by the pattern, except those that are broken on purpose",
    )
    .option("--intensity <n>", "how many faults a second are drawn, on average, such as 0.5", parseIntensity)
    .option("--shard <i/n>", "only the i-th of n parts of the campaigns that take about the same time", parseShard)
    .option(
      "--durations <file>",
      "measured durations by which shards are cut, as merge writes them (default: those of redquake)",
    )
    .option("--failing <file>", "first run the failing seeds in this file, which merge keeps; it need not exist yet")
    .option("--bail", "stop after the first run that does not end well");
  addRunOptions(command).addHelpText(
    "after",
    examples(
      "redquake campaigns                          the standard suite",
      "redquake campaigns --list --suite nightly   what there is",
      "redquake campaigns redlock --seed 42        all campaigns with redlock in their names",
      "redquake campaigns 'lock-*' --repeat 10     ten seeds each",
      "redquake campaigns lock-simple --faults 'on acquire #5: pause holder for 3s'",
      "redquake campaigns redlock --faults swarm --repeat 20",
      "redquake campaigns --adapter ./my-lock.ts   is my lock safe?",
      "redquake campaigns --campaign ./my.campaign.ts --repeat 10   a campaign of my own",
      "redquake campaigns slow-replies --adapter redlock@4.2.0 --adapter redlock@5.0.0-beta.2   which of them is?",
    ),
  );
  command.action(async (patterns: string[], flags: CampaignsFlags) => {
    const { campaignsAction } = await import("./campaigns-action.ts");
    ended(await campaignsAction(patterns, flags));
  });
};
