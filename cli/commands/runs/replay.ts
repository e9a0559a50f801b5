/** `redquake replay`: its options and its help. */
import { parseCount } from "../../options/arguments.ts";
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import { addRunOptions, repeatable } from "../../options/shared-options.ts";
import type { ReplayFlags } from "./replay-action.ts";

export const addReplay: AddCommand = (program, ended) => {
  const command = program
    .command("replay")
    .description("run the plan of a stored run again")
    .argument("<run>", "folder of the stored run")
    .option("--repeat <n>", "run it n times", parseCount, 1)
    .addOption(
      repeatable(
        "--allow-code <what>",
        "let the plan execute what is not redquake's own, in the words with which it was refused, such as 'command: python3 my_lock.py in /home/me'; more than once for several",
      ),
    )
    .option("--bail", "stop after the first run that does not end well");
  addRunOptions(command)
    .addHelpText(
      "after",
      examples("redquake replay results/latest", "redquake replay results/latest --repeat 20 --bail"),
    )
    .action(async (run: string, flags: ReplayFlags) => {
      const { replayAction } = await import("./replay-action.ts");
      ended(await replayAction(run, flags));
    });
};
