/**
 * What a server has when it starts again with its files: told from its configuration and from what is on its disk, not
 * from what somebody hopes. A server that neither appends to a file nor makes snapshots comes back empty
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/).
 */
import type { Node } from "../../hosts/host.ts";

/** How it ends: an orderly end makes a last snapshot where snapshots are configured. */
export type HowItEnds = "killed" | "in order";

/** As the end of a sentence that begins with `it comes back`: `with its data`. */
export async function comesBack(node: Node, how: HowItEnds): Promise<string> {
  if (node.spec.kind === "sentinel") return "with what it knew";
  if (node.spec.kind !== "redis") return "with its data";
  const { appends, snapshots } = persistenceOf(node.spec.config);
  if (appends) return "with its data";
  if (snapshots && how === "in order") return "with its data";
  // Also a replica that never saves has one on disk: of its last full synchronization.
  if ((await node.disk.files()).some(({ file }) => file.endsWith(".rdb") && !file.startsWith("temp-")))
    return "with its last snapshot";
  return snapshots ? "empty because it had made no snapshot" : "empty because it does not persist";
}

interface Persistence {
  /** An append-only file has all that was acknowledged. */
  readonly appends: boolean;
  readonly snapshots: boolean;
}

/** The later of two lines wins; those of `save` add up, and an empty one takes back what came before. */
function persistenceOf(config: readonly string[]): Persistence {
  let appends = false;
  // Redis makes snapshots unless it is told otherwise.
  let snapshots = true;
  for (const line of config) {
    const [name = "", ...values] = line.trim().toLowerCase().split(/\s+/);
    if (name === "appendonly") appends = values[0] === "yes";
    if (name === "save") snapshots = values.some((value) => value !== `""` && value !== "''");
  }
  return { appends, snapshots };
}
