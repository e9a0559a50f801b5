/**
 * A torn write: the server is killed and the last `bytes` bytes of its append-only file are cut off. When the fault
 * heals it starts again; with `aof-load-truncated yes`, the default, it does so without what was in the torn tail
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/#what-should-i-do-if-my-aof-gets-truncated).
 */
import { z } from "zod";
import { names, number } from "../fault-options.ts";
import type { Cut, DataFile, Node } from "../../hosts/host.ts";
import { cutsAsJson, probeCuts } from "../probes/cuts.ts";
import type { FaultKind } from "../fault.ts";
import { Downtime, probeBack } from "../probes/node-down.ts";
import { numberOption, resolveNode } from "../targets.ts";

export const truncateAof = {
  kind: "truncate-aof",
  options: z.strictObject({ target: names, bytes: number }),
  leaves: "down",
  reachesStopped: true,
  async prepare(context, options) {
    const node = await resolveNode(context, options, "target");
    const bytes = numberOption(options, "bytes");
    if (!Number.isInteger(bytes) || bytes < 1)
      throw new TypeError(`the fault's option "bytes" must be a whole number from 1 on, not ${bytes}`);
    // Before anything is killed: without such a file the plan makes no sense.
    await lastAppendOnlyFile(node);
    const downtime = new Downtime(node);
    let cut: Cut | undefined;
    return {
      target: [node.name],
      title: `cut ${bytes} bytes off the AOF of ${node.name}`,
      mayEnd: true,
      get detail() {
        return { bytes, cuts: cutsAsJson(cut === undefined ? [] : [cut]) };
      },
      inject: () =>
        downtime.begin(async () => {
          await node.kill();
          const { file, length } = await lastAppendOnlyFile(node);
          cut = await node.disk.cut(file, Math.max(0, length - bytes));
        }),
      probe: () => probeCuts(node, cut === undefined || cut.from === cut.to ? undefined : [cut]),
      heal: () => downtime.end({ keepData: true }),
      probeHealed: () => probeBack(node),
    };
  },
} satisfies FaultKind;

/** The file that the server appends to: since Redis 7.0 the newest `….N.incr.aof`, before that the only `….aof`. */
async function lastAppendOnlyFile(node: Node): Promise<DataFile> {
  const files = (await node.disk.files()).filter(({ file }) => file.endsWith(".aof") && !file.endsWith(".base.aof"));
  const [last] = files.sort((a, b) => sequence(b) - sequence(a));
  if (last === undefined)
    throw new Error(`${node.name} has no append-only file to cut: give its system the config "appendonly yes"`);
  return last;
}

function sequence({ file }: DataFile): number {
  return Number(/\.(\d+)\.incr\.aof$/.exec(file)?.[1] ?? 0);
}
