/** `redquake report RUN`: judges stored runs again and writes their reports again. */
import { say } from "./say.ts";
import { EXIT } from "./exit-code.ts";
import { judgeAmongOthers } from "./judge-run.ts";
import { storedRunFolder } from "./stored-run-folder.ts";
import { shownPath } from "./user-folder.ts";

/** Prints the path of each report. The exit code tells only whether they could be written; `check` tells what they say. */
export async function reportCommand(runs: readonly string[]): Promise<number> {
  for (const named of runs) {
    const { report, warnings } = await judgeAmongOthers(await storedRunFolder(named));
    for (const warning of warnings) say(`${named}: ${warning}`);
    console.log(shownPath(report));
  }
  return EXIT.wellDone;
}
