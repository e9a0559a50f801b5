/**
 * How ioredis finds the primary through the sentinels. The addresses that they name are redirected to this worker's
 * proxies by the fault shim.
 */
import type { Redis, RedisOptions } from "ioredis";
import type { WorkerSurroundings } from "../workload.ts";

/** The name under which the sentinels know the primary. */
export const MASTER_NAME = "redquake";

export function sentinelOptions(context: WorkerSurroundings): RedisOptions {
  return {
    sentinels: context.nodes.filter((node) => node.kind === "sentinel").map((node) => node.proxied),
    name: MASTER_NAME,
    role: "master",
    // A new list of sentinels would name addresses that are reached through the shim as well; the given ones are
    // enough.
    updateSentinels: false,
  };
}

/** The node that a connection leads to: every proxy of a worker leads to one. */
export function connectedNode(context: WorkerSurroundings, client: Redis): string | undefined {
  const stream: unknown = Reflect.get(client, "stream");
  const port = (stream as { remotePort?: number } | undefined)?.remotePort;
  return context.nodes.find((node) => node.proxied.port === port || node.announced.port === port)?.name;
}
