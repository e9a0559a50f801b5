/**
 * Client-side caching of `redis` (https://github.com/redis/node-redis/blob/master/docs/client-side-caching.md), with
 * its defaults. The server's tracking tells it of every write, so nothing has to be said of a key. It does not tell
 * whether its copies are fresh.
 */
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { AdapterEnvironment, Endpoint } from "../../adapter/adapter.ts";
import type { CacheLibrary } from "./library.ts";

interface Options {
  readonly RESP: 3;
  readonly clientSideCache: object;
}

interface Client {
  on(event: "error", listener: (error: Error) => void): this;
  connect(): Promise<unknown>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
  destroy(): unknown;
}

interface NodeRedis {
  createClient(options: Options & { readonly socket: Endpoint }): Client;
  createSentinel(options: Options & { readonly name: string; readonly sentinelRootNodes: readonly Endpoint[] }): Client;
}

export const nodeRedisCache: CacheLibrary = {
  name: "redis/client-side-cache",
  package: "redis",
  tried: ["5.12.1", "6.3.1"],
  adapter: (installed) => ({
    kind: "cache",
    writes: ["set", "invalidate", "direct"],
    async open(environment) {
      const client = clientOf(loadClientLibrary(installed) as NodeRedis, environment);
      // Without a listener an error of a connection ends the process.
      client.on("error", (error) => environment.log(`redis: ${error.message}`));
      await client.connect();
      return {
        get: (key) => client.get(key),
        set: (key, value) => client.set(key, value),
        // The server tells by itself.
        invalidate: () => Promise.resolve(),
        close: async () => {
          await client.destroy();
        },
      };
    },
  }),
};

function clientOf({ createClient, createSentinel }: NodeRedis, { endpoints, masterName }: AdapterEnvironment): Client {
  const caching: Options = { RESP: 3, clientSideCache: {} };
  if (masterName !== undefined)
    return createSentinel({ ...caching, name: masterName, sentinelRootNodes: [...endpoints] });
  const [socket] = endpoints;
  if (socket === undefined) throw new RangeError("there is no server to connect to");
  return createClient({ ...caching, socket });
}
