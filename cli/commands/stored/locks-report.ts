/** `redquake adapters-report`, once `locks-report`: its options and its help. */
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import type { LocksReportFlags } from "./locks-report-action.ts";

export const addLocksReport: AddCommand = (program, ended) => {
  program
    .command("adapters-report")
    .alias("locks-report")
    .description(
      "write what locks, or other adapters, did in campaigns as a document from stored runs: a table, and what was seen",
    )
    .argument("<results>", "folder of results")
    .option("--out <file>", "where the document goes (default: the standard output)")
    .option("--kind <kind>", "whose runs: locks, delivery, cache, leader or clients", "locks")
    .addHelpText(
      "after",
      examples(
        "redquake adapters-report results --out lock-libraries.md",
        "redquake adapters-report results --kind delivery --out message-libraries.md",
      ),
    )
    .action(async (results: string, flags: LocksReportFlags) => {
      const { locksReportAction } = await import("./locks-report-action.ts");
      ended(await locksReportAction(results, flags));
    });
};
