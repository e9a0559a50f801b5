/** `redquake doctor`: its options and its help. */
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import type { DoctorFlags } from "./doctor-action.ts";

export const addDoctor: AddCommand = (program, ended) => {
  program
    .command("doctor")
    .description(
      "tell what this machine can do, one thing a line, and what is missing for the rest; tries everything, installs nothing",
    )
    .option("--results <folder>", "where stored runs go", "results")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `\n✓ works · ✗ something cannot be done without it · – nothing depends on it, or redquake gets it by itself
Exit codes: 0 campaigns can run here · 2 they cannot\n${examples("redquake doctor")}`,
    )
    .action(async (flags: DoctorFlags) => {
      const { doctorAction } = await import("./doctor-action.ts");
      ended(await doctorAction(flags));
    });
};
