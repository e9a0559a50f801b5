/**
 * CLIENT KILL of all clients of one `type` (`normal`, the default, `pubsub`, `replica`, `master`) of a node, but for
 * our own connection: they find their connections closed, and connect again. It happens in an instant.
 * (https://redis.io/docs/latest/commands/client-kill/)
 */
import { z } from "zod";
import { names, text } from "../fault-options.ts";
import type { Node } from "../../hosts/host.ts";
import type { FaultKind } from "../fault.ts";
import { answersWithin } from "../probes/ping.ts";
import { choiceOption, resolveNode } from "../targets.ts";

const TYPES = ["normal", "pubsub", "replica", "master"] as const;
const ANSWER_TIMEOUT_MS = 5_000;

export const clientKill = {
  kind: "client-kill",
  options: z.strictObject({ target: names, type: text.optional() }),
  async prepare(context, options) {
    const node = await resolveNode(context, options, "target");
    const type = choiceOption(options, "type", TYPES, "normal");
    /** The connections that there were right before. */
    let victims: ReadonlySet<string> | undefined;
    return {
      target: [node.name],
      title: `CLIENT KILL TYPE ${type} on ${node.name}`,
      get detail() {
        return { type, clients: victims?.size ?? 0 };
      },
      inject: async () => {
        const own = String(await node.command("CLIENT", "ID"));
        const listed = await connections(node, type);
        for (const each of listed) if (each.startsWith(`${own} `)) listed.delete(each);
        await node.command("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes");
        victims = listed;
      },
      probe: async () => {
        if (victims === undefined) return { ok: false, saw: `nobody's connection to ${node.name} was closed` };
        if (victims.size === 0) return { ok: false, saw: `${node.name} had no client of type ${type}` };
        const now = await connections(node);
        const left = [...victims].filter((each) => now.has(each)).length;
        return {
          ok: left === 0,
          saw: `of ${victims.size} clients of type ${type} that ${node.name} had, ${left} are still in its list of clients`,
        };
      },
      heal: () => {
        victims = undefined;
        return Promise.resolve();
      },
      probeHealed: async () => {
        const answered = await answersWithin(node, ANSWER_TIMEOUT_MS);
        return { ok: answered, saw: `a new connection to ${node.name} ${answered ? "is" : "is not"} answered` };
      },
    };
  },
} satisfies FaultKind;

/**
 * Id and both addresses of every client: a link to a primary that is taken up again keeps its id, and has another port.
 */
async function connections(node: Node, type?: string): Promise<Set<string>> {
  const list = String(await node.command("CLIENT", "LIST", ...(type === undefined ? [] : ["TYPE", type])));
  return new Set(Array.from(list.matchAll(/^id=(\d+) addr=(\S+) laddr=(\S+)/gm), ([, ...parts]) => parts.join(" ")));
}
