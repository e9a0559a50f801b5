/**
 * SCRIPT FLUSH: the server forgets the scripts that it had cached (`mode` `SYNC`, the default, or `ASYNC`). EVALSHA is
 * then answered NOSCRIPT, as after a restart or a failover. It happens in an instant.
 * (https://redis.io/docs/latest/commands/script-flush/)
 */
import { z } from "zod";
import { names, text } from "../fault-options.ts";
import type { Node } from "../../hosts/host.ts";
import type { FaultKind } from "../fault.ts";
import { choiceOption, resolveNode } from "../targets.ts";

/** Does nothing, and is nobody's. */
const SCRIPT = "return 'redquake'";

export const scriptFlush = {
  kind: "script-flush",
  options: z.strictObject({ target: names, mode: text.optional() }),
  async prepare(context, options) {
    const node = await resolveNode(context, options, "target");
    const mode = choiceOption(options, "mode", ["SYNC", "ASYNC"], "SYNC");
    /** The hash of a script that the server knew right before. */
    let digest: string | undefined;
    return {
      target: [node.name],
      title: `SCRIPT FLUSH ${mode} on ${node.name}`,
      detail: { mode },
      inject: async () => {
        const loaded = String(await node.command("SCRIPT", "LOAD", SCRIPT));
        const known = await knows(node, loaded);
        await node.command("SCRIPT", "FLUSH", mode);
        digest = known ? loaded : undefined;
      },
      probe: async () => {
        if (digest === undefined) return { ok: false, saw: `no script that ${node.name} knew was flushed` };
        const known = await knows(node, digest);
        return {
          ok: !known,
          saw: `${node.name} ${known ? "still knows" : "no longer knows"} a script that it knew before`,
        };
      },
      heal: () => {
        digest = undefined;
        return Promise.resolve();
      },
      probeHealed: async () => {
        const known = await knows(node, String(await node.command("SCRIPT", "LOAD", SCRIPT)));
        return { ok: known, saw: `${node.name} ${known ? "knows" : "does not know"} a script that was loaded anew` };
      },
    };
  },
} satisfies FaultKind;

async function knows(node: Node, digest: string): Promise<boolean> {
  const [known] = (await node.command("SCRIPT", "EXISTS", digest)) as number[];
  return known === 1;
}
