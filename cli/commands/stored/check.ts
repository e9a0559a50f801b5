/** `redquake check`: its options and its help. */
import { parseDuration, parseJson, parseJsonObject } from "../../options/arguments.ts";
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import { allowModule } from "../../options/shared-options.ts";
import type { CheckFlags } from "./check-action.ts";

export const addCheck: AddCommand = (program, ended) => {
  program
    .command("check")
    .description("judge stored runs again, or history files of any tool; needs no Redis")
    .argument(
      "<targets...>",
      "folders of stored runs; or with --model history files (JSON lines, or EDN as Jepsen writes it, also .gz and .zst), - for standard input",
    )
    .option("--model <name>", "what the history files must satisfy, such as cas-register, mutex or list-append")
    .option("--init <json>", "the state before the first operation, as JSON", parseJson)
    .option("--by-key", "values are [key, value], and each key is an object of its own")
    .option("--consistency-model <name>", "what transactions must satisfy (default: strict-serializable)")
    .option("--time-limit <duration>", "after this the verdict on a file is unknown, such as 60s", parseDuration)
    .option("--options <json>", "further options of the model, as a JSON object", parseJsonObject)
    .option("--json", "print one JSON object per target")
    .addOption(allowModule())
    .addHelpText(
      "after",
      examples(
        "redquake check results/latest",
        "redquake check history.jsonl --model cas-register --init 0 --by-key",
        "redquake check jepsen/history.edn --model list-append --consistency-model snapshot-isolation",
        "zcat history.jsonl.gz | redquake check - --model mutex --time-limit 60s --json",
        'redquake check history.jsonl --model lock-overlap --options \'{"level":"grant"}\' --json',
      ),
    )
    .action(async (targets: string[], flags: CheckFlags) => {
      const { checkAction } = await import("./check-action.ts");
      ended(await checkAction(targets, flags));
    });
};
