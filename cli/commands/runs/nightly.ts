/** `redquake nightly [STEP]`: its steps, their options and its help. */
import { join } from "node:path";
import { Command, Option } from "commander";
import type { NightToPrepare } from "../../../session/nightly/steps.ts";
import { parseCount } from "../../options/arguments.ts";
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import type * as Actions from "./nightly-action.ts";

/** An option with an empty value counts as left out: that is what GitHub has for an input that nobody gave. */
class NightlyCommand extends Command {
  override createCommand(name?: string): Command {
    return new NightlyCommand(name);
  }

  override parseOptions(args: string[]): ReturnType<Command["parseOptions"]> {
    return super.parseOptions(args.filter((arg, i) => arg !== "" && !(arg.startsWith("--") && args[i + 1] === "")));
  }
}

/** Options that several steps have. */
const OPTIONS = {
  host: () => new Option("--host <kind>", "where nodes run").choices(["docker", "process"]).default("docker"),
  suite: () => new Option("--suite <name>", "which campaigns").default("nightly"),
  seed: () => new Option("--seed <n>", "the seed (default: a new one)"),
  givenSeed: () => new Option("--seed <n>", "the seed of the night").makeOptionMandatory(),
  duration: () =>
    new Option("--duration <time>", "how long each load lasts, such as 20s (default: what each campaign says)"),
  redis: () => new Option("--redis <versions...>", "servers to test (default in Docker: all that are known)"),
  oneRedis: () => new Option("--redis <version>", "the server to test"),
  failing: () => new Option("--failing <file>", "file of failing seeds").default("failing-seeds.json"),
  results: () => new Option("--results <folder>", "where results go").default("results"),
  nights: () =>
    new Option("--results <folder>", "where results go, a folder for each night").default(join("results", "nightly")),
  shard: () => new Option("--shard <i/n>", "which part of the campaigns").makeOptionMandatory(),
  shards: () =>
    new Option("--shards <n>", "into how many parts the campaigns are cut").argParser(parseCount).default(2),
  out: () => new Option("--out <folder>", "where the merged results go").default("merged"),
};

export const addNightly: AddCommand = (program, ended) => {
  const nightly = new NightlyCommand("nightly")
    .copyInheritedSettings(program)
    .description("a night of campaigns: all of it, or one step");
  const step = (name: string, description: string, ...options: readonly (keyof typeof OPTIONS)[]): Command => {
    const command = nightly.command(name, { isDefault: name === "all" }).description(description);
    for (const option of options) command.addOption(OPTIONS[option]());
    return command;
  };
  const actions = (): Promise<typeof Actions> => import("./nightly-action.ts");

  step(
    "all",
    "every step, one after the other, on this machine; exit codes are those of redquake",
    ...(["host", "suite", "seed", "duration", "redis", "failing", "shards", "nights"] as const),
  )
    .argument("[patterns...]", "names of campaigns, or parts of names")
    .action(async (patterns: string[], flags: Actions.AllFlags) => {
      ended(await (await actions()).allAction(patterns, flags));
    });
  step("prepare", "draw the seed, print it, and see to the file of failing seeds", "seed", "failing").action(
    async (flags: NightToPrepare) => ended(await (await actions()).prepareAction(flags)),
  );
  step(
    "shard",
    "one part of the campaigns on one server",
    ...(["host", "suite", "givenSeed", "duration", "oneRedis", "failing", "shard", "results"] as const),
  )
    .argument("[patterns...]", "names of campaigns, or parts of names")
    .action(async (patterns: string[], flags: Actions.ShardFlags) => {
      ended(await (await actions()).shardAction(patterns, flags));
    });
  step("canary", "a campaign that must come out red", "host", "givenSeed", "oneRedis", "results").action(
    async (flags: Actions.CanaryFlags) => ended(await (await actions()).canaryAction(flags)),
  );
  step(
    "merge",
    "the results of all shards as one, and the summary of the job",
    ...(["host", "redis", "shards", "failing", "results", "out"] as const),
  ).action(async (flags: Actions.MergeFlags) => ended(await (await actions()).mergeAction(flags)));

  nightly.addHelpText(
    "after",
    examples(
      "redquake nightly                   the whole night in Docker: every known server, then the summary",
      "redquake nightly lock --host process --suite quick --duration 2s   a small one",
      "redquake nightly all --seed 42     an earlier night again",
    ),
  );
  program.addCommand(nightly);
};
