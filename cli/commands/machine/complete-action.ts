/** `redquake complete`: the script for a shell, and what that script asks for at each press of the Tab key. */
import tab from "@bomb.sh/tab/commander";
import { Command } from "commander";
import { offersOf } from "../../../session/completion/completion.ts";

/** @param args the command line: `complete SHELL`, or `complete -- WORDS…` up to the word that is being written */
export async function completeAction(program: Command, args: readonly string[]): Promise<void> {
  // The library brings a command of the same name.
  const others = program.commands.filter((command) => command.name() !== "complete");
  const root = new Command(program.name()).exitOverride();
  for (const command of others) root.addCommand(command);
  const command = args[2] ?? "";
  const asked = tab(root).commands.get(command);
  for (const [name, offers] of Object.entries(await offersOf(command))) {
    const part = asked?.options.get(name) ?? asked?.arguments.get(name);
    if (part !== undefined)
      part.handler = (complete) => offers(args.at(-1) ?? "").forEach(([word, what]) => complete(word, what));
  }
  root.parse(args, { from: "user" });
}
