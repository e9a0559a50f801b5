/** `redquake adapters-report RESULTS`: what the adapters of one kind did in campaigns, as a document. */
import { UsageError } from "../../../machine/usage-error.ts";
import { shownPath, userPath } from "../../../machine/user-folder.ts";
import { lockDocument } from "../../../report/locks/lock-document.ts";
import { DOCUMENT_WORDS } from "../../../session/document-words.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { documentedRuns } from "../../../session/locks-report.ts";
import { KIND_WORDS, kindOfWord } from "../../../session/select/campaign-kinds.ts";
import { say } from "../../terminal/say.ts";
import { writeOut } from "../../terminal/write-out.ts";

export interface LocksReportFlags {
  /** Where the document goes; the standard output without it. */
  readonly out?: string;
  /** The word for the campaigns of a kind. */
  readonly kind: string;
}

/** Resolves with the exit code. @throws UsageError for another kind; what `documentedRuns` throws. */
export async function locksReportAction(named: string, flags: LocksReportFlags): Promise<number> {
  const kind = kindOfWord(flags.kind);
  if (kind === undefined)
    throw new UsageError(`--kind: there is no kind ${JSON.stringify(flags.kind)}; there are ${KIND_WORDS.join(", ")}`);
  const runs = await documentedRuns(named, kind);
  await writeOut(lockDocument(runs, DOCUMENT_WORDS[kind]), flags.out);
  say(`${runs.length} runs of ${flags.kind} in ${shownPath(userPath(named))}`);
  return EXIT.wellDone;
}
