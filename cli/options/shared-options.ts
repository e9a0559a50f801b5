/** Options that several commands have. */
import type { Command } from "commander";
import { Option } from "commander";
import { parseCount, parseToxiproxy } from "./arguments.ts";

/** An option that may be given several times: its value is the list of what was given. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    text,
  ]);
}

/** Where the servers come from. */
export function addServerOptions(command: Command): Command {
  return command
    .addOption(new Option("--host <kind>", "where nodes run").choices(["auto", "docker", "process"]).default("auto"))
    .option(
      "--redis <what>",
      "the server to test: the path of a redis-server, or for Docker 7.0, 8.0, valkey-8.1 or any image (default: 7.0 in Docker; else from PATH, else fetched into a private cache)",
    );
}

/** How runs are made. */
export function addRunOptions(command: Command, results = "results"): Command {
  return addServerOptions(command)
    .addOption(
      new Option(
        "--toxiproxy <which>",
        "what carries the links: embedded, the URL of a Toxiproxy that runs on this machine, or an image of one",
      )
        .argParser(parseToxiproxy)
        .default({ kind: "embedded" }, "embedded"),
    )
    .option("--results <folder>", "where stored runs go", results)
    .option("--jobs <n>", "how many runs go on side by side", parseCount, 1)
    .option("--hold", "wait for Enter before everything is stopped, to look around")
    .option("--json", "print one JSON object per run instead of the table");
}

/** For stored runs that are judged by checkers of one's own. */
export function allowModule(): Option {
  return repeatable(
    "--allow-code <what>",
    "let a stored run load a module that is not redquake's own, in the words with which it was refused. Repeat the option for several",
  );
}
