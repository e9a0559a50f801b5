/** `redquake clean`: ends what killed runs have left behind. */
import { cleanUp } from "../runner/clean.ts";
import { EXIT } from "./exit-code.ts";
import { say } from "./say.ts";

export async function cleanCommand(flags: { readonly json?: true }): Promise<number> {
  const result = await cleanUp({ say });
  if (flags.json === true) console.log(JSON.stringify(result));
  else if (result.processes + result.folders + result.containers === 0)
    say("nothing to clean: no killed run has left anything behind");
  return EXIT.wellDone;
}
