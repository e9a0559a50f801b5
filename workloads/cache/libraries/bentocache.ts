/**
 * `bentocache` (https://bentocache.dev/docs/multi-tier) with copies in memory, the store on Redis, and its bus on
 * Redis that tells of changes. Options: its defaults, but that nothing in the store expires (`ttl: null`). It does not
 * tell whether its copies are fresh. Its texts lie in the store as part of its own format.
 */
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { Endpoint } from "../../adapter/adapter.ts";
import type { CacheLibrary } from "./library.ts";

interface Layers {
  useL1Layer(driver: object): Layers;
  useL2Layer(driver: object): Layers;
  useBus(driver: object): Layers;
}

interface Cache {
  get(options: { readonly key: string }): Promise<string | null | undefined>;
  set(options: { readonly key: string; readonly value: string; readonly ttl: null }): Promise<boolean>;
  expire(options: { readonly key: string }): Promise<boolean>;
  disconnectAll(): Promise<void>;
}

interface Bentocache {
  readonly BentoCache: new (options: {
    readonly default: "copies";
    readonly stores: { readonly copies: Layers };
    readonly ttl: null;
  }) => Cache;
  bentostore(): Layers;
}

interface Memory {
  memoryDriver(): object;
}

interface OnRedis {
  redisDriver(options: { readonly connection: Endpoint }): object;
  redisBusDriver(options: { readonly connection: Endpoint }): object;
}

const PACKAGE = "bentocache";

export const bentocache: CacheLibrary = {
  name: PACKAGE,
  package: PACKAGE,
  tried: ["1.6.1"],
  beside: ["ioredis@5.8.2"],
  fails: {
    "throws-when-refused": "by default it keeps errors of the store to itself (`suppressL2Errors`)",
  },
  adapter: (installed) => ({
    kind: "cache",
    systems: ["single"],
    storeKey: "bentocache:{key}",
    async open({ endpoints }) {
      const [connection] = endpoints;
      if (connection === undefined) throw new RangeError("there is no server to connect to");
      const { BentoCache, bentostore } = loadClientLibrary(installed) as Bentocache;
      const { memoryDriver } = loadClientLibrary(installed, `${PACKAGE}/drivers/memory`) as Memory;
      const { redisDriver, redisBusDriver } = loadClientLibrary(installed, `${PACKAGE}/drivers/redis`) as OnRedis;
      const copies = bentostore()
        .useL1Layer(memoryDriver())
        .useL2Layer(redisDriver({ connection }))
        .useBus(redisBusDriver({ connection }));
      const cache = new BentoCache({ default: "copies", stores: { copies }, ttl: null });
      return {
        get: async (key) => (await cache.get({ key })) ?? null,
        set: (key, value) => cache.set({ key, value, ttl: null }),
        invalidate: (key) => cache.expire({ key }),
        close: () => cache.disconnectAll(),
      };
    },
  }),
};
