/** Waiting for a server that is starting. */
import type { AdminConnection } from "./admin-connection.ts";
import { awaitCondition } from "./await-condition.ts";
import { HostError } from "./host-error.ts";
import type { Node } from "./host.ts";

const START_TIMEOUT_MS = 15_000;
const LOG_TAIL_LINES = 15;

/**
 * Resolves when the node answers PING.
 * @throws HostError with the tail of its log when it ends instead, or does not answer in time.
 */
export async function awaitAnswer(node: Node, admin: AdminConnection): Promise<void> {
  await awaitCondition(`${node.name} to answer PING`, START_TIMEOUT_MS, async () => {
    if (node.pid() === undefined) {
      throw new HostError(
        `${node.name} (port ${node.address.port}) ended while starting; its log ends with:\n${node.logTail(LOG_TAIL_LINES)}`,
      );
    }
    return (await admin.command("PING")) === "PONG" ? true : undefined;
  });
}
