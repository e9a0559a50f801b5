/** `redquake locks-report RESULTS`: what locks did in campaigns, as a document. */
import { shownPath, userPath } from "../../../machine/user-folder.ts";
import { lockDocument } from "../../../report/locks/lock-document.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { documentedLockRuns } from "../../../session/locks-report.ts";
import { say } from "../../terminal/say.ts";
import { writeOut } from "../../terminal/write-out.ts";

export interface LocksReportFlags {
  /** Where the document goes; the standard output without it. */
  readonly out?: string;
}

/** Resolves with the exit code. @throws what `documentedLockRuns` throws. */
export async function locksReportAction(named: string, flags: LocksReportFlags): Promise<number> {
  const runs = await documentedLockRuns(named);
  await writeOut(lockDocument(runs), flags.out);
  say(`${runs.length} runs of locks in ${shownPath(userPath(named))}`);
  return EXIT.wellDone;
}
