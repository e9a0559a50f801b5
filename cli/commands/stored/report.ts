/** `redquake report`: its options and its help. */
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import { allowModule } from "../../options/shared-options.ts";
import type { ReportFlags } from "./report-action.ts";

export const addReport: AddCommand = (program, ended) => {
  program
    .command("report")
    .description("write the reports of stored runs again, and print their paths")
    .argument("<runs...>", "folders of stored runs")
    .addOption(allowModule())
    .addHelpText("after", examples("redquake report results/latest"))
    .action(async (runs: string[], flags: ReportFlags) => {
      const { reportAction } = await import("./report-action.ts");
      ended(await reportAction(runs, flags));
    });
};
