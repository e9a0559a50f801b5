/** `redquake bisect`: its options and its help. */
import { parseSeed } from "../../options/arguments.ts";
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import { addRunOptions } from "../../options/shared-options.ts";
import type { BisectFlags } from "./bisect-action.ts";

export const addBisect: AddCommand = (program, ended) => {
  const command = program
    .command("bisect")
    .description("find the version of a lock library with which what a campaign shows changes")
    .argument("<library>", "a lock library that redquake knows, without a version, such as redis-semaphore/Mutex")
    .argument("<campaign>", "the name of a campaign of locks")
    .requiredOption("--from <version>", "the first version")
    .requiredOption("--to <version>", "the last version")
    .option("--seed <n>", "the seed (default: a new one)", parseSeed);
  addRunOptions(command).addHelpText(
    "after",
    `
Exit codes: 0 found · 2 both ends show the same, or a version in between decided nothing
${examples("redquake bisect redis-semaphore/Mutex lock-late-refresh --from 5.3.0 --to 5.8.0")}`,
  );
  command.action(async (library: string, campaign: string, flags: BisectFlags) => {
    const { bisectAction } = await import("./bisect-action.ts");
    ended(await bisectAction(library, campaign, flags));
  });
};
