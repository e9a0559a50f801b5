/**
 * The disk of a node is full: what it writes to files, or wants to force to disk, fails with ENOSPC; what is on disk stays. Redis then refuses writes with
 * MISCONF where it cannot persist as it is configured to, and with `appendfsync always` it ends. When the fault heals there is room again; a server that
 * has ended starts again with its data, and one whose last background save had failed makes a new one, as its operator would.
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/)
 */
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { awaitCondition } from "../../hosts/await-condition.ts";
import type { Node, NodeShim } from "../../hosts/host.ts";
import type { FaultKind } from "../fault.ts";
import { resolveNode } from "../targets.ts";

/** A background save of another client may be going on; and a server retries a failed write of its append-only file every second. */
const PERSISTENCE_TIMEOUT_MS = 10_000;

export const diskFull: FaultKind = {
  kind: "disk-full",
  options: { required: { target: "names" } },
  async prepare(context, options) {
    const node = await resolveNode(context, options, "target");
    const { shim } = node;
    if (node.spec.kind !== "redis")
      throw new TypeError(`a full disk is for servers with data, and ${node.name} is a sentinel`);
    if (shim === undefined)
      throw new Error(`the disk of ${node.name} cannot be full: the fault shim is not loaded there`);
    return {
      target: [node.name],
      title: `disk of ${node.name} full`,
      inject: () => Promise.resolve(shim.setDiskFull(true)),
      probe: () => probeFull(node, shim),
      heal: async () => {
        shim.setDiskFull(false);
        if ((await node.state()) === "dead") await node.start({ keepData: true });
        if ((await persistence(node)).includes("rdb_last_bgsave_status:err")) await node.command("BGSAVE");
      },
      probeHealed: async () => {
        const status = await awaitCondition(`${node.name} to persist again`, PERSISTENCE_TIMEOUT_MS, async () => {
          const info = await persistence(node);
          return info.includes("rdb_bgsave_in_progress:0") && !/_status:err/.test(info) ? statusOf(info) : undefined;
        });
        return { ok: true, saw: `${node.name} persists again: ${status}` };
      },
    };
  },
};

/** Lets the server save, which it cannot. (Should there be room after all, a file `dump.rdb` is left.) */
async function probeFull(node: Node, shim: NodeShim): Promise<ProbeResult> {
  if ((await node.state()) === "dead") {
    const refused = shim.refusedForSpace();
    return { ok: refused > 0, saw: `${node.name} has ended; ${refused} of its writes had failed with ENOSPC` };
  }
  const before = shim.refusedForSpace();
  const answer = await awaitCondition(`a background save of ${node.name} to end`, PERSISTENCE_TIMEOUT_MS, async () => {
    const said = await reply(node, "SAVE");
    return said.includes("in progress") ? undefined : said;
  });
  const refused = shim.refusedForSpace() - before;
  return {
    ok: answer !== "OK" && refused > 0,
    saw: `SAVE on ${node.name} was answered ${JSON.stringify(answer)}, and ${refused} of its writes failed with ENOSPC; it says ${statusOf(await persistence(node))}`,
  };
}

/** What the server says, be it an error or not; that it says nothing at all is an error. */
async function reply(node: Node, command: string): Promise<string> {
  try {
    return String(await node.command(command));
  } catch (error) {
    if ((error as Error).name !== "ReplyError") throw error;
    return (error as Error).message;
  }
}

async function persistence(node: Node): Promise<string> {
  return String(await node.command("INFO", "persistence"));
}

function statusOf(info: string): string {
  return (info.match(/(?:rdb_last_bgsave|aof_last_write)_status:\w+/g) ?? ["nothing of its persistence"]).join(", ");
}
