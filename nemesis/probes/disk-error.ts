/**
 * The disk of a node takes nothing any more: what it writes to files, or wants to force to disk, fails; what is on disk
 * stays. Redis then refuses writes with MISCONF where it cannot persist as it is configured to, and with `appendfsync
 * always` it ends. When the fault heals the disk is in order again; a server that has ended starts again with its data,
 * and one whose last background save had failed makes a new one, as its operator would.
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/)
 */
import { z } from "zod";
import { names } from "../fault-options.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { awaitCondition } from "../../machine/await-condition.ts";
import type { DiskError, Node, NodeShim } from "../../hosts/host.ts";
import type { FaultKind } from "../fault.ts";
import { assertRunning, Downtime } from "./node-down.ts";
import { replyText } from "./reply.ts";
import { resolveNode } from "../targets.ts";

/**
 * A background save of another client may be going on; and a server retries a failed write of its append-only file
 * every second.
 */
const PERSISTENCE_TIMEOUT_MS = 10_000;

/**
 * A kind of fault in which every write of one node fails with `error`; `state` is what the disk is then, in one word.
 */
export function diskErrorKind(kind: string, state: string, error: Exclude<DiskError, "none">) {
  return {
    kind,
    options: z.strictObject({ target: names }),
    needs: ["shim"],
    async prepare(context, options) {
      const node = await resolveNode(context, options, "target");
      const { shim } = node;
      if (node.spec.kind !== "redis")
        throw new TypeError(`a ${state} disk is for servers with data, and ${node.name} is ${node.spec.kind}`);
      if (shim === undefined)
        throw new Error(`the disk of ${node.name} cannot be ${state}: the fault shim is not loaded there`);
      const downtime = new Downtime(node);
      /** How many of its writes other faults had refused before. */
      let before = shim.refusedByDisk();
      return {
        target: [node.name],
        title: `disk of ${node.name} ${state}`,
        mayEnd: true,
        inject: async () => {
          await assertRunning(node);
          before = shim.refusedByDisk();
          shim.setDiskError(error);
        },
        probe: () => probeError(node, shim, error, before),
        heal: async () => {
          shim.setDiskError("none");
          // Whom another fault keeps down that one starts again.
          if (downtime.isOthers) return;
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
  } satisfies FaultKind;
}

/** Lets the server save, which it cannot. (Should the disk be in order after all, a file `dump.rdb` is left.) */
async function probeError(node: Node, shim: NodeShim, error: DiskError, known: number): Promise<ProbeResult> {
  if ((await node.state()) === "dead") {
    const refused = shim.refusedByDisk() - known;
    return { ok: refused > 0, saw: `${node.name} has ended; ${refused} of its writes had failed with ${error}` };
  }
  const before = shim.refusedByDisk();
  const answer = await awaitCondition(`a background save of ${node.name} to end`, PERSISTENCE_TIMEOUT_MS, async () => {
    const said = await replyText(node, "SAVE");
    return said.includes("in progress") ? undefined : said;
  });
  const refused = shim.refusedByDisk() - before;
  return {
    ok: answer !== "OK" && refused > 0,
    saw: `SAVE on ${node.name} was answered ${JSON.stringify(answer)}, and ${refused} of its writes failed with ${error}; it says ${statusOf(await persistence(node))}`,
  };
}

async function persistence(node: Node): Promise<string> {
  return String(await node.command("INFO", "persistence"));
}

function statusOf(info: string): string {
  return (info.match(/(?:rdb_last_bgsave|aof_last_write)_status:\w+/g) ?? ["nothing of its persistence"]).join(", ");
}
