/** A key of our own for probes, on a node that may serve only some of a Cluster's slots. */
import type { Node } from "../../hosts/host.ts";
import { reply } from "../probes/reply.ts";

/** More than enough to meet one of the slots of a node that has a hundredth of them. */
const MOST_NAMES = 2_000;

/**
 * Sets a key of ours that this node itself serves, for so many milliseconds, and returns its name.
 * @throws Error with the server's words when the node takes no writes, as a replica.
 */
export async function setPrivateKey(node: Node, ttlMs: number): Promise<string> {
  for (let i = 0; i < MOST_NAMES; i += 1) {
    const key = `redquake:probe:${i}`;
    const { error, text } = await reply(node, "SET", key, "probe", "PX", ttlMs);
    if (!error) return key;
    if (!/^(MOVED|ASK|TRYAGAIN)\b/.test(text)) throw new Error(`${node.name} did not take a key of the probe: ${text}`);
  }
  throw new Error(`${node.name} serves the slot of none of ${MOST_NAMES} keys: is it a primary with slots?`);
}
