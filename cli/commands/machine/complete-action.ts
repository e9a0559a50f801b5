/** `redquake complete`: the script for a shell, and what that script asks for at each press of the Tab key. */
import tab from "@bomb.sh/tab/commander";
import { Command } from "commander";
import { OFFERS } from "../../../session/completion/completion.ts";

/** @param args all of the command line: `complete SHELL`, or `complete -- WORDS…` with the word that is being written. */
export function completeAction(program: Command, args: readonly string[]): void {
  // The library brings a command of the same name.
  const others = program.commands.filter((command) => command.name() !== "complete");
  const root = new Command(program.name()).exitOverride();
  for (const command of others) root.addCommand(command);
  const { commands } = tab(root);
  for (const [command, offers] of Object.entries(OFFERS))
    for (const [name, offer] of Object.entries(offers)) {
      const part = commands.get(command)?.options.get(name) ?? commands.get(command)?.arguments.get(name);
      if (part !== undefined)
        part.handler = (complete) => {
          for (const [word, what] of offer(args.at(-1) ?? "")) complete(word, what);
        };
    }
  root.parse(args, { from: "user" });
}
