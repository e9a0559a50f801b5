/** `redquake init`: its options and its help. */
import { Option } from "commander";
import { ADAPTER_TEMPLATES } from "../../../session/init/adapter-templates.ts";
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import type { InitFlags } from "./init-action.ts";

export const addInit: AddCommand = (program, ended) => {
  program
    .command("init")
    .description(
      "write a starting point into your project: an adapter for what you put to the test, npm scripts, and a workflow that runs every night",
    )
    .argument("[folder]", "the project, which has a package.json", ".")
    .addOption(
      new Option(
        "--template <name>",
        `what the adapter starts from: ${Object.entries(ADAPTER_TEMPLATES)
          .map(([name, { when }]) => `${name} (${when})`)
          .join("; ")}`,
      )
        .choices(Object.keys(ADAPTER_TEMPLATES))
        .default("one"),
    )
    .addHelpText(
      "after",
      examples("redquake init", "redquake init --template routine", "redquake init --template consumer"),
    )
    .action(async (folder: string, flags: InitFlags) => {
      const { initAction } = await import("./init-action.ts");
      ended(initAction(folder, flags));
    });
};
