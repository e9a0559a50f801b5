/** `redquake merge DIR…`: where the merged results are. */
import { shownPath, userPath } from "../../../machine/user-folder.ts";
import { mergeResults } from "../../../session/merge/merge-results.ts";
import { print, printJson } from "../../terminal/print.ts";
import { say } from "../../terminal/say.ts";
import { oneLine } from "../../terminal/terminal-text.ts";

export interface MergeFlags {
  /** Folder of the merged results. */
  readonly out: string;
  /** File of failing seeds that is brought up to date. */
  readonly failing?: string;
  readonly json?: true;
}

/** Resolves with the exit code. @throws what `mergeResults` throws. */
export async function mergeAction(folders: readonly string[], { json, ...flags }: MergeFlags): Promise<number> {
  const merged = await mergeResults(folders, { ...flags, onNotice: (sentence) => say(oneLine(sentence)) });
  const { copied, ...results } = merged;
  if (json === true) printJson(results);
  else print([merged.index, merged.junit, merged.summary, merged.durations].map(shownPath).join("\n"));
  const where = shownPath(userPath(flags.out));
  say(`${merged.runs.length} runs in ${where}, ${copied} of them copied; exit code ${merged.exitCode}`);
  return merged.exitCode;
}
