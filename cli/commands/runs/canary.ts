/** `redquake canary`: its options and its help. */
import { join } from "node:path";
import { parseSeed } from "../../options/arguments.ts";
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import { addRunOptions } from "../../options/shared-options.ts";
import type { CanaryFlags } from "./canary-action.ts";

export const addCanary: AddCommand = (program, ended) => {
  const command = program
    .command("canary")
    .description("run a campaign whose promise is known to break: 0 when redquake sees it, 255 when it does not")
    .option("--seed <n>", "the seed (default: a new one)", parseSeed);
  addRunOptions(command, join("results", "canary")).addHelpText("after", examples("redquake canary"));
  command.action(async (flags: CanaryFlags) => {
    const { canaryAction } = await import("./canary-action.ts");
    ended(await canaryAction(flags));
  });
};
