/**
 * Connections by `redis` (https://github.com/redis/node-redis), with its own defaults, for libraries that are handed
 * one.
 */
import type { Endpoint } from "../../adapter/adapter.ts";

export interface NodeRedisModule {
  createClient(options: { readonly socket: Endpoint }): NodeRedis;
}

export interface NodeRedis {
  connect(): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): this;
  /** Ends the connection at once, from version 5 on. */
  destroy(): void;
  /** The same, in version 4. */
  disconnect(): Promise<void>;
}

/** @throws what the connection met. */
export async function connectNodeRedis(
  { createClient }: NodeRedisModule,
  endpoints: readonly Endpoint[],
  log: (text: string) => void,
): Promise<NodeRedis> {
  const [socket] = endpoints;
  if (socket === undefined) throw new RangeError("there is no server to connect to");
  const client = createClient({ socket });
  // Without a listener an error of a connection ends the process.
  client.on("error", (error) => log(`redis: ${error.message}`));
  await client.connect();
  return client;
}
