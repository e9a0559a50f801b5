/** Whether a client's commands get to the servers under test, before any fault acts. */
import { AdapterError } from "../adapter/adapter-error.ts";
import { openDataClient } from "../clients/open-data-client.ts";
import type { WorkerSurroundings } from "../workload.ts";
import type { GuardedClient } from "./guard.ts";

const COMMAND_TIMEOUT_MS = 5_000;

/**
 * @throws AdapterError when a command that the client says to have been carried out was not, or it cannot send one
 * although every server is up.
 */
export async function assertReaches(context: WorkerSurroundings, client: GuardedClient, named: string): Promise<void> {
  const key = `client:{${context.worker}}:reach`;
  const answer = await client.command({ name: "RPUSH", args: [key, context.worker] });
  if ("error" in answer)
    throw new AdapterError({
      adapter: named,
      problem: `rejects its first command although every server is up: ${answer.error}`,
      remedy: "its client must be connected when open() resolves",
    });
  const data = await openDataClient(context, COMMAND_TIMEOUT_MS);
  const { reply } = await data.call(key, "LRANGE", 0, -1);
  data.close();
  if (Array.isArray(reply) && reply.includes(context.worker)) return;
  throw new AdapterError({
    adapter: named,
    problem: "says that its first command was carried out, and none of the servers under test has done so",
    remedy: "connect to `endpoints`, and to nothing else: not to a mock, nor to a server at an address of your own",
  });
}
