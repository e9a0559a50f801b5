/** What a node says of its part in replication (`INFO replication`, https://redis.io/docs/latest/commands/info/). */
import type { Node } from "../hosts/host.ts";

export interface Replication {
  readonly role: "master" | "slave";
  /** For a replica: the address of its primary, and whether the link to it is up and its copy complete. */
  readonly primary?: { readonly host: string; readonly port: number; readonly linked: boolean };
}

export async function replication(node: Node): Promise<Replication> {
  const text = String(await node.command("INFO", "replication"));
  const fields = new Map(
    text
      .split("\r\n")
      .filter((line) => line.includes(":"))
      .map((line): [string, string] => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
  const role = fields.get("role");
  if (role !== "master" && role !== "slave") throw new Error(`${node.name} gave no role in INFO replication`);
  if (role === "master") return { role };
  return {
    role,
    primary: {
      host: fields.get("master_host") ?? "",
      port: Number(fields.get("master_port")),
      linked: fields.get("master_link_status") === "up" && fields.get("master_sync_in_progress") === "0",
    },
  };
}

/** The names of the nodes that answer and call themselves primary. */
export async function primariesAmong(nodes: readonly Node[]): Promise<string[]> {
  const roles = await Promise.allSettled(nodes.map((node) => replication(node)));
  return nodes
    .filter((_, i) => {
      const role = roles[i];
      return role?.status === "fulfilled" && role.value.role === "master";
    })
    .map((node) => node.name);
}
