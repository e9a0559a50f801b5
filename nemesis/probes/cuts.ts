/** What was taken away of a node's files: in words, for the history, and looked at again by probes. */
import type { Json } from "../../history/operation.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Cut, Node } from "../../hosts/host.ts";
import { probeDown } from "./node-down.ts";

/**
 * The node is down, and its files have the lengths that the cuts have left. Undefined: nobody has cut anything, which
 * is no fault.
 */
export async function probeCuts(node: Node, cuts: readonly Cut[] | undefined): Promise<ProbeResult> {
  const down = await probeDown(node);
  if (cuts === undefined) return { ok: false, saw: `${down.saw}; its files were not touched` };
  const files = await node.disk.files();
  const lengths = new Map(files.map(({ file, length }) => [file, length]));
  const others = cuts.filter(({ file, to }) => (lengths.get(file) ?? "gone") !== to);
  const seen = others.map(({ file, to }) => `${file} has ${lengths.get(file) ?? "no"} bytes and not ${to}`);
  return {
    ok: down.ok && others.length === 0,
    saw: `${down.saw}; ${seen.length > 0 ? seen.join(", ") : describeCuts(cuts)}`,
  };
}

export function cutsAsJson(cuts: readonly Cut[]): Json {
  return cuts.map(({ file, from, to }) => ({ file, from, to }));
}

function describeCuts(cuts: readonly Cut[]): string {
  if (cuts.length === 0) return "all that it had written had been synced, so its files lost nothing";
  return cuts
    .map(({ file, from, to }) =>
      to === "gone" ? `${file} is gone (${from} bytes)` : `${file} lost ${from - to} bytes, ${to} are left`,
    )
    .join(", ");
}
