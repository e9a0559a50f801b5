/** `redquake complete SHELL`: its help. */
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";

export const addComplete: AddCommand = (program) => {
  program
    .command("complete")
    .description("print the script by which your shell completes commands, campaigns, locks, models and faults")
    .argument("[shell]", "bash, zsh, fish or powershell")
    .allowExcessArguments()
    .addHelpText("after", examples("source <(redquake complete bash)", "redquake complete zsh > ~/.zfunc/_redquake"))
    .action(async () => {
      const { completeAction } = await import("./complete-action.ts");
      await completeAction(program, process.argv.slice(2));
    });
};
