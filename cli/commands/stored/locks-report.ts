/** `redquake locks-report`: its options and its help. */
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import type { LocksReportFlags } from "./locks-report-action.ts";

export const addLocksReport: AddCommand = (program, ended) => {
  program
    .command("locks-report")
    .description(
      "write what locks did in campaigns, from stored runs, as a document: locks × campaigns, and what was seen",
    )
    .argument("<results>", "folder of results")
    .option("--out <file>", "where the document goes (default: the standard output)")
    .addHelpText("after", examples("redquake locks-report results --out lock-libraries.md"))
    .action(async (results: string, flags: LocksReportFlags) => {
      const { locksReportAction } = await import("./locks-report-action.ts");
      ended(await locksReportAction(results, flags));
    });
};
