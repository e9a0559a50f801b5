/** `redquake track-record`: its options and its help. */
import { parseCount, parseSeed } from "../../options/arguments.ts";
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import { addRunOptions } from "../../options/shared-options.ts";
import type { TrackRecordFlags } from "./track-record-action.ts";

export const addTrackRecord: AddCommand = (program, ended) => {
  const command = program
    .command("track-record")
    .description("find known bugs again in the exact library versions that have them, and write how often and how soon")
    .option("--seed <n>", "the first seed (default: a new one)", parseSeed)
    .option("--repeat <n>", "look n times for each, with the seed, the next one …", parseCount, 1)
    .option("--from <folder>", "make no runs: take those that are stored there")
    .option("--out <file>", "where the document goes (default: the standard output)");
  addRunOptions(command).addHelpText(
    "after",
    `
Exit codes: 0 each bug was found in every run, and no lock without it was broken · 1 otherwise
${examples("redquake track-record --repeat 10 --out track-record.md")}`,
  );
  command.action(async (flags: TrackRecordFlags) => {
    const { trackRecordAction } = await import("./track-record-action.ts");
    ended(await trackRecordAction(flags));
  });
};
