/** A stored run that is none, or that nobody can judge: it is said, and the others are gone on with. */
import { EXIT } from "../../../session/exit-code.ts";
import type { ExitCode } from "../../../session/exit-code.ts";
import { say } from "../../terminal/say.ts";
import { oneLine } from "../../terminal/terminal-text.ts";

/** By name: the modules of some are loaded only by the commands that need them. */
const SAID: ReadonlySet<string> = new Set(["UsageError", "NotAStoredRun", "RefusedRun", "UnjudgeableRun"]);

/** Says what is wrong, and returns the exit code of that run. @throws any other error again. */
export function refusedRun(error: unknown): ExitCode {
  if (!(error instanceof Error) || !SAID.has(error.name)) throw error;
  say(`redquake: ${oneLine(error.message)}`);
  return EXIT.badArguments;
}
