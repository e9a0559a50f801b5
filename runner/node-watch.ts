/**
 * Looks after the nodes of a run: one that ends by itself makes the rest of the run worthless, so that the run should
 * end soon.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Node } from "../hosts/host.ts";
import { NodeEndedError } from "./harness-error.ts";

/** Looking costs a read of a small file of the process table for each node. */
const LOOK_EVERY_MS = 200;
const LOG_LINES = 15;

/**
 * Resolves when it is told to end. While `isExcused` says that a fault may have ended a node, this is left to that
 * fault; if its heal does not bring the node back, it counts from then on.
 * @throws NodeEndedError with the tail of the log, as soon as a node is seen to have ended by itself.
 */
export async function watchNodes(
  nodes: readonly Node[],
  isExcused: (node: Node) => boolean,
  end: AbortSignal,
): Promise<void> {
  try {
    while (!end.aborted) {
      await assertNodesRun(nodes, isExcused);
      await delay(LOOK_EVERY_MS, undefined, { ref: false, signal: end });
    }
  } catch (error) {
    if (!end.aborted) throw error;
  }
}

/** @throws NodeEndedError when one of them has ended by itself. */
export async function assertNodesRun(nodes: readonly Node[], isExcused: (node: Node) => boolean): Promise<void> {
  for (const node of nodes) {
    // The process table knows of an end before we are told of it.
    if ((await node.state()) !== "dead" || isExcused(node)) continue;
    throw new NodeEndedError(`${node.name} ended by itself.\nIts log ends with:\n${node.logTail(LOG_LINES)}`);
  }
}
