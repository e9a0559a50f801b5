/** Waiting for a server that is starting. */
import { WELCOMES } from "../network/protocol.ts";
import { awaitCondition } from "../machine/await-condition.ts";
import { HostError } from "../machine/host-error.ts";
import type { Node } from "./host.ts";

/** A Java virtual machine on a busy machine takes its time. */
const START_TIMEOUT_MS = 30_000;
const LOG_TAIL_LINES = 15;

/**
 * Resolves when the node answers as one does that is ready for clients.
 * @throws HostError with the tail of its log when it ends instead, or does not answer in time.
 */
export async function awaitAnswer(node: Node): Promise<void> {
  const welcome = WELCOMES[node.protocol];
  await awaitCondition(`${node.name} to answer ${welcome}`, START_TIMEOUT_MS, async () => {
    if (node.pid() === undefined) {
      throw new HostError(
        `${node.name} (port ${node.address.port}) ended while starting; its log ends with:\n${node.logTail(LOG_TAIL_LINES)}`,
      );
    }
    return (await node.greet()) === welcome ? true : undefined;
  });
}
