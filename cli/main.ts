/** The command line's entry: arguments in, exit code out. */
import { CommanderError } from "commander";
import { EXIT } from "../session/exit-code.ts";
import { refusalOfFileSystem } from "../machine/file-system-refusal.ts";
import { nameSourcesInStacks } from "../machine/source-stacks.ts";
import { RedquakeError } from "../machine/redquake-error.ts";
import { createProgram } from "./program.ts";
import { say } from "./terminal/say.ts";

nameSourcesInStacks();

// The program that reads our output may have seen enough, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await createProgram((code) => (process.exitCode = code)).parseAsync();
} catch (error) {
  process.exitCode = exitCodeFor(error);
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
