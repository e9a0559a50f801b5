/**
 * `redquake clean`: ends what killed runs have left behind, on this machine and, where one is named, in a Toxiproxy
 * that they used.
 */
import { removeOrphanProxies } from "../../../runner/equipment/choose-toxiproxy.ts";
import { cleanUp } from "../../../runner/equipment/clean.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { printJson } from "../../terminal/print.ts";
import { say } from "../../terminal/say.ts";

export interface CleanFlags {
  readonly json?: true;
  /** The URL of a server that runs used and that still runs. */
  readonly toxiproxy?: string;
}

export async function cleanAction(flags: CleanFlags): Promise<number> {
  const machine = await cleanUp({ say });
  const { toxiproxy: url } = flags;
  const result = url === undefined ? machine : { ...machine, proxies: await removeOrphanProxies(url, say) };
  if (flags.json === true) printJson(result);
  else if (Object.values(result).every((count) => count === 0))
    say("nothing to clean: no killed run has left anything behind");
  return EXIT.wellDone;
}
