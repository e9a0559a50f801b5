/** Settings that a server takes while it runs (https://redis.io/docs/latest/commands/config-set/). */
import type { Node } from "../hosts/host.ts";

export type ServerConfig = Readonly<Record<string, string>>;

export async function readConfig(node: Node, ...names: readonly string[]): Promise<ServerConfig> {
  const flat = (await node.command("CONFIG", "GET", ...names)) as string[];
  const config: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) config[String(flat[i])] = String(flat[i + 1]);
  return config;
}

/** Sets all of them or none. @throws ReplyError with the server's reason. */
export async function writeConfig(node: Node, config: ServerConfig): Promise<void> {
  await node.command("CONFIG", "SET", ...Object.entries(config).flat());
}

export function describeConfig(config: ServerConfig): string {
  return Object.entries(config)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

export function sameConfig(left: ServerConfig, right: ServerConfig): boolean {
  return Object.entries(left).every(([name, value]) => right[name] === value);
}
