/** How often a server has carried out each command. */
import type { Redis } from "ioredis";

/** The commands of redquake itself, of its probes, and of libraries when they connect. */
const OF_NOBODY = new Set(["ping", "info", "hello", "client", "command", "config", "auth", "select", "cluster"]);

/**
 * Since the server started, those left out that say nothing of what clients want. From lines such as
 * `cmdstat_client|setinfo:calls=2,usec=…`.
 */
export async function commandsOf(client: Redis): Promise<{ [command: string]: number }> {
  const lines = (await client.info("commandstats")).matchAll(/^cmdstat_([^:|]+)[^:]*:calls=(\d+)/gm);
  const calls: { [command: string]: number } = {};
  for (const [, command = "", count = "0"] of lines)
    if (!OF_NOBODY.has(command)) calls[command] = (calls[command] ?? 0) + Number(count);
  return calls;
}
