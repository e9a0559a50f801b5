/** `redquake adapter-test`: its options and its help. */
import { parseSeed } from "../../options/arguments.ts";
import type { AddCommand } from "../../options/command.ts";
import { examples } from "../../options/command.ts";
import { addServerOptions } from "../../options/shared-options.ts";
import type { AdapterTestFlags } from "./adapter-test-action.ts";

export const addAdapterTest: AddCommand = (program, ended) => {
  const command = program
    .command("adapter-test")
    .description("put an adapter through its contract on real servers, without any fault: one line per check")
    .argument("<adapter>", "a module, or 'command: …' in any language (docs/adapters.md)")
    .option("--seed <n>", "the seed of the adapter's randomness (default: a new one)", parseSeed)
    .option("--json", "print one JSON object");
  addServerOptions(command).addHelpText(
    "after",
    `\n✓ as it should be · ✗ not · – the adapter does not offer it
Exit codes: 0 all as it should be · 1 something is not · 254 the adapter cannot be used\n${examples(
      "redquake adapter-test ./my-lock.ts",
      "redquake adapter-test 'command: python3 my_lock.py'",
    )}`,
  );
  command.action(async (adapter: string, flags: AdapterTestFlags) => {
    const { adapterTestAction } = await import("./adapter-test-action.ts");
    ended(await adapterTestAction(adapter, flags));
  });
};
