/** `redquake merge`: its options and its help. */
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import type { MergeFlags } from "./merge-action.ts";

export const addMerge: AddCommand = (program, ended) => {
  program
    .command("merge")
    .description(
      "put the results of several machines into one folder: a list of all runs (index.html), JUnit (junit.xml), a summary (summary.md), and measured durations (durations.json)",
    )
    .argument("<folders...>", "folders of results")
    .option("--out <folder>", "where the merged results go; may be one of the folders", "results")
    .option("--failing <file>", "also keep in this file which seeds have failed, for campaigns --failing")
    .option("--json", "print one JSON object instead of the paths")
    .addHelpText(
      "after",
      examples("redquake merge shards/* --out merged", "redquake merge results --failing failing-seeds.json"),
    )
    .action(async (folders: string[], flags: MergeFlags) => {
      const { mergeAction } = await import("./merge-action.ts");
      ended(await mergeAction(folders, flags));
    });
};
