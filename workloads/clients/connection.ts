/** Connections of a worker to one node, through its own proxy. */
import { Redis } from "ioredis";
import type { Cluster, RedisOptions } from "ioredis";

/**
 * Opens a connection and awaits that it can be used.
 * @throws what the last attempt met, when none succeeds in `patienceMs`.
 */
export async function connected(options: RedisOptions, patienceMs = 10_000): Promise<Redis> {
  const client = connection(options);
  await usable(client, patienceMs);
  return client;
}

/** Those of this process that can still carry something. */
const open = new Set<Redis>();

/** Closes, by the library's own means, what a role has left open. */
export function closeConnections(): void {
  for (const client of open) client.disconnect();
}

/** A connection whose errors are not thrown into the process: they show in the commands that they hit. */
export function connection(options: RedisOptions): Redis {
  const client = new Redis({ ...options, replyMapping: "legacy" });
  client.on("error", () => undefined);
  open.add(client);
  client.once("end", () => open.delete(client));
  return client;
}

/** Resolves when the connection is up. */
export async function usable(client: Redis | Cluster, patienceMs: number): Promise<void> {
  if (client.status === "ready") return;
  let last: Error | undefined;
  const remember = (error: Error): void => void (last = error);
  client.on("error", remember);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new Error(`no usable connection within ${patienceMs} ms${last === undefined ? "" : `: ${last.message}`}`),
          ),
        patienceMs,
      );
      client.once("ready", () => resolve(clearTimeout(timer)));
    });
  } finally {
    client.off("error", remember);
  }
}
