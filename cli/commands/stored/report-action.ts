/** `redquake report RUN`: judges stored runs again and writes their reports again. */
import { print } from "../../terminal/print.ts";
import { say } from "../../terminal/say.ts";
import { EXIT, worstExitCode } from "../../../session/exit-code.ts";
import type { ExitCode } from "../../../session/exit-code.ts";
import { judgeAmongOthers } from "../../../session/judge/judge-run.ts";
import { refusedRun } from "./refused-run.ts";
import { storedRunFolder } from "../../../session/stored-run-folder.ts";
import { oneLine } from "../../terminal/terminal-text.ts";
import { shownPath } from "../../../machine/user-folder.ts";

export interface ReportFlags {
  /** Modules of stored runs that may be loaded, each in the words with which it was refused. */
  readonly allowCode?: readonly string[];
}

/**
 * Prints the path of each report. The exit code tells only whether they could be written; `check` tells what they say.
 * What is wrong with one run is said, and the others are reported all the same.
 */
export async function reportAction(runs: readonly string[], flags: ReportFlags = {}): Promise<number> {
  const codes: ExitCode[] = [];
  for (const named of runs) {
    codes.push(await reportRun(named, flags).catch(refusedRun));
  }
  return worstExitCode(codes);
}

async function reportRun(named: string, { allowCode }: ReportFlags): Promise<ExitCode> {
  const { report, warnings } = await judgeAmongOthers(await storedRunFolder(named), allowCode);
  for (const warning of warnings) say(oneLine(`${named}: ${warning}`));
  print(shownPath(report));
  return EXIT.wellDone;
}
