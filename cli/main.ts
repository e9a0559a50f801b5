/** The command line's entry. */
import { nameSourcesInStacks } from "../machine/source-stacks.ts";
import { runCommandLine } from "./command-line.ts";

nameSourcesInStacks();

// The program that reads our output may have seen enough, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await runCommandLine(process.argv.slice(2));
