/** `redquake clean`: its options and its help. */
import { Option } from "commander";
import { parseToxiproxyUrl } from "../../options/arguments.ts";
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import type { CleanFlags } from "./clean-action.ts";

export const addClean: AddCommand = (program, ended) => {
  program
    .command("clean")
    .description(
      "end processes and containers and remove temporary folders that killed runs have left behind; runs that go on are left alone",
    )
    .addOption(
      new Option(
        "--toxiproxy <url>",
        "also remove the proxies that killed runs of this machine have left in this Toxiproxy",
      ).argParser(parseToxiproxyUrl),
    )
    .option("--json", "print what was done as a JSON object")
    .addHelpText("after", examples("redquake clean", "redquake clean --toxiproxy http://127.0.0.1:8474"))
    .action(async (flags: CleanFlags) => {
      const { cleanAction } = await import("./clean-action.ts");
      ended(await cleanAction(flags));
    });
};
