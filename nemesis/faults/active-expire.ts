/**
 * DEBUG SET-ACTIVE-EXPIRE 0: keys whose time is over are no longer deleted in the background, only when somebody asks
 * for them. They keep their memory, and no `expired` event comes, as on a server whose cycle does not keep up.
 * (https://redis.io/docs/latest/commands/expire/, "How Redis expires keys")
 */
import { z } from "zod";
import { names } from "../fault-options.ts";
import type { Node } from "../../hosts/host.ts";
import type { FaultKind } from "../fault.ts";
import { occurred } from "../probes/occurred.ts";
import { setPrivateKey } from "../cluster/private-key.ts";
import { reply } from "../probes/reply.ts";
import { resolveNode } from "../targets.ts";

/** More than ten turns of the background cycle, with the usual `hz 10`; more than one with `hz 1`. */
const KEPT_MS = 1_500;
/**
 * After each answer the server has done what was due in the background; so many looks are many turns, however busy the
 * machine is.
 */
const LEAST_LOOKS = 30;
const GONE_TIMEOUT_MS = 10_000;

export const activeExpire = {
  kind: "active-expire",
  options: z.strictObject({ target: names }),
  async prepare(context, options) {
    const node = await resolveNode(context, options, "target");
    if (node.spec.kind !== "redis")
      throw new TypeError(`keys expire on servers with data, and ${node.name} is a sentinel`);
    return {
      target: [node.name],
      title: `no background expiry on ${node.name}`,
      inject: async () => {
        await node.command("DEBUG", "SET-ACTIVE-EXPIRE", 0);
      },
      probe: async () => {
        const key = await setPrivateKey(node, 1);
        let looks = 0;
        const gone = await occurred(`${node.name} to delete an expired key`, KEPT_MS, async () => {
          looks += 1;
          return isGone(node, key);
        });
        await node.command("DEL", key);
        return { ok: !gone && looks >= LEAST_LOOKS, saw: `${saw(node, gone)} (${looks} looks)` };
      },
      heal: async () => {
        // A server that was killed meanwhile starts with its cycle on.
        if ((await node.state()) === "dead") return;
        await node.command("DEBUG", "SET-ACTIVE-EXPIRE", 1);
      },
      probeHealed: async () => {
        const key = await setPrivateKey(node, 1);
        const gone = await occurred(`${node.name} to delete an expired key`, GONE_TIMEOUT_MS, () => isGone(node, key));
        return { ok: gone, saw: saw(node, gone) };
      },
    };
  },
} satisfies FaultKind;

/** DEBUG OBJECT is the one command that looks at a key without expiring it. */
async function isGone(node: Node, key: string): Promise<boolean> {
  return (await reply(node, "DEBUG", "OBJECT", key)).text.includes("no such key");
}

function saw(node: Node, gone: boolean): string {
  return gone
    ? `a key with a TTL of 1 ms, which nobody asked for, has vanished from ${node.name}`
    : `a key with a TTL of 1 ms, which nobody asked for, was still kept by ${node.name} when we stopped looking`;
}
