/** One command line: arguments in, exit code out. */
import { CommanderError } from "commander";
import { refusalOfFileSystem } from "../machine/file-system-refusal.ts";
import { RedquakeError } from "../machine/redquake-error.ts";
import { EXIT } from "../session/exit-code.ts";
import { createProgram } from "./program.ts";
import { say } from "./terminal/say.ts";

/**
 * Resolves with the exit code, also when something went wrong, which is then said.
 * @param args without the program's own name
 * @throws what is no Error.
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.wellDone;
  try {
    await createProgram((code) => (exitCode = code)).parseAsync(args, { from: "user" });
  } catch (error) {
    return exitCodeFor(error);
  }
  return exitCode;
}

/** Says what was wrong, unless that has been said. */
function exitCodeFor(error: unknown): number {
  // Commander has printed its message; help and version end with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.wellDone : EXIT.badArguments;
  if (!(error instanceof Error)) throw error;
  const refusal = refusalOfFileSystem(error);
  if (refusal !== undefined) {
    say(`redquake: ${refusal}`);
    return EXIT.harnessFailed;
  }
  if (!(error instanceof RedquakeError)) {
    say(`redquake: internal error: ${error.stack ?? error.message}`);
    return EXIT.harnessFailed;
  }
  say(`redquake: ${error.message}`);
  return error.origin === "call" ? EXIT.badArguments : EXIT.harnessFailed;
}
