/**
 * All commands. What one does is loaded only when it is called, so that help comes at once.
 */
import { Command } from "commander";
import { version } from "../machine/version.ts";
import { addAdapterTest } from "./commands/machine/adapter-test.ts";
import { addClean } from "./commands/machine/clean.ts";
import { addComplete } from "./commands/machine/complete.ts";
import { addDoctor } from "./commands/machine/doctor.ts";
import { addImages } from "./commands/machine/images.ts";
import { addInit } from "./commands/machine/init.ts";
import { addBisect } from "./commands/runs/bisect.ts";
import { addCampaigns } from "./commands/runs/campaigns.ts";
import { addCanary } from "./commands/runs/canary.ts";
import { addNightly } from "./commands/runs/nightly.ts";
import { addReplay } from "./commands/runs/replay.ts";
import { addTrackRecord } from "./commands/runs/track-record.ts";
import { addCheck } from "./commands/stored/check.ts";
import { addLocksReport } from "./commands/stored/locks-report.ts";
import { addMerge } from "./commands/stored/merge.ts";
import { addReport } from "./commands/stored/report.ts";
import type { AddCommand, Ended } from "./options/command.ts";

/** In the order of the help. */
const COMMANDS: readonly AddCommand[] = [
  addCampaigns,
  addCheck,
  addReport,
  addMerge,
  addLocksReport,
  addBisect,
  addTrackRecord,
  addReplay,
  addCanary,
  addNightly,
  addAdapterTest,
  addInit,
  addDoctor,
  addImages,
  addClean,
  addComplete,
];

const EXIT_CODES_HELP = `
Exit codes: 0 all well · 1 a promise was broken · 2 something was skipped, undecided or not demonstrated ·
254 bad arguments · 255 redquake itself failed · 130 interrupted`;

export function createProgram(ended: Ended): Command {
  const program = new Command("redquake")
    .description(
      "Shakes real Redis and the code that trusts it, and judges from what the clients saw which promises were kept.",
    )
    .version(version())
    .showHelpAfterError("(--help shows what there is)")
    .exitOverride()
    .addHelpText("after", EXIT_CODES_HELP);
  for (const add of COMMANDS) add(program, ended);
  return program;
}
