/** `redquake bisect`: its options and its help. */
import { parseSeed } from "../../options/arguments.ts";
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import { addRunOptions } from "../../options/shared-options.ts";
import type { BisectFlags } from "./bisect-action.ts";

export const addBisect: AddCommand = (program, ended) => {
  const command = program
    .command("bisect")
    .description("find the version of a library with which what a campaign shows changes")
    .argument(
      "<library>",
      "a library that redquake knows, without a version, such as redis-semaphore/Mutex; with --client the versions, such as 5.8.3..6.3.1",
    )
    .argument("<campaign>", "the name of a campaign of its kind")
    .option("--client <name>", "a client library, such as redis; the versions come next")
    .option("--from <version>", "the first version")
    .option("--to <version>", "the last version")
    .option("--seed <n>", "the seed (default: a new one)", parseSeed);
  addRunOptions(command).addHelpText(
    "after",
    `
Exit codes: 0 found · 2 both ends show the same, or a version in between decided nothing
${examples(
  "redquake bisect redis-semaphore/Mutex lock-late-refresh --from 5.3.0 --to 5.8.0",
  "redquake bisect --client redis 5.8.3..5.10.0 client-only-sentinel",
)}`,
  );
  command.action(async (library: string, campaign: string, flags: BisectFlags) => {
    const { bisectAction } = await import("./bisect-action.ts");
    ended(await bisectAction(library, campaign, flags));
  });
};
