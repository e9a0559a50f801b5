/**
 * `redis` (https://github.com/redis/node-redis) as its documentation has subscribers: a duplicate of the client
 * subscribes with a listener. Its own defaults.
 */
import type { EventEmitter } from "node:events";
import type { AdapterEnvironment } from "../../adapter/adapter.ts";
import type { AdapterLibrary } from "../../adapter/shelf.ts";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { ClientLibrary } from "../../clients/client-library.ts";
import type { DeliveryAdapter, DeliveryClient } from "../adapter.ts";
import { firstOf } from "./places.ts";

type Listener = (text: string) => void;

interface NodeRedisClient extends EventEmitter {
  connect(): Promise<unknown>;
  duplicate(): NodeRedisClient;
  publish(channel: string, text: string): Promise<number>;
  subscribe(channel: string, listener: Listener): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  sPublish(channel: string, text: string): Promise<number>;
  sSubscribe(channel: string, listener: Listener): Promise<unknown>;
  sUnsubscribe(channel: string): Promise<unknown>;
  destroy(): unknown;
}

interface NodeRedis {
  createClient(options: object): NodeRedisClient;
  createCluster(options: object): NodeRedisClient;
}

export const nodeRedisSubscribe: AdapterLibrary<DeliveryAdapter> = {
  name: "redis/subscribe",
  package: "redis",
  tried: ["5.12.1", "6.3.1"],
  adapter: (installed) => ({
    kind: "delivery",
    contract: "at-most-once",
    systems: ["single"],
    open: (environment) => openSingle(installed, environment),
  }),
};

/** 6.0.0 has a known bug when a slot moves in place (redis/node-redis#3311). */
export const nodeRedisSharded: AdapterLibrary<DeliveryAdapter> = {
  name: "redis/ssubscribe",
  package: "redis",
  tried: ["5.12.1", "6.0.0", "6.3.1"],
  adapter: (installed) => ({
    kind: "delivery",
    contract: "at-most-once",
    systems: ["cluster"],
    open: (environment) => openCluster(installed, environment),
  }),
};

async function openSingle(installed: ClientLibrary, { endpoints, log }: AdapterEnvironment): Promise<DeliveryClient> {
  const { createClient } = loadClientLibrary(installed) as NodeRedis;
  const client = createClient({ socket: firstOf(endpoints) });
  const clients = [client];
  // Without a listener an error of a connection ends the process.
  client.on("error", (error: Error) => log(`redis: ${error.message}`));
  await client.connect();
  return {
    publish: (channel, text) => client.publish(channel, text),
    consume: async (channel, handler, { told }) => {
      const subscriber = client.duplicate();
      clients.push(subscriber);
      let up = true;
      subscriber.on("error", (error: Error) => {
        log(`redis: ${error.message}`);
        if (up) told(false);
        up = false;
      });
      // It subscribes again before it says so.
      subscriber.on("ready", () => {
        if (!up) told(true);
        up = true;
      });
      await subscriber.connect();
      await subscriber.subscribe(channel, (text) => void handler(text));
      return { stop: () => subscriber.unsubscribe(channel) };
    },
    close: async () => {
      for (const each of clients) await each.destroy();
    },
  };
}

async function openCluster(installed: ClientLibrary, { endpoints, log }: AdapterEnvironment): Promise<DeliveryClient> {
  const { createCluster } = loadClientLibrary(installed) as NodeRedis;
  const cluster = createCluster({ rootNodes: endpoints.map((socket) => ({ socket })) });
  cluster.on("error", (error: Error) => log(`redis: ${error.message}`));
  await cluster.connect();
  return {
    publish: (channel, text) => cluster.sPublish(channel, text),
    consume: async (channel, handler) => {
      await cluster.sSubscribe(channel, (text) => void handler(text));
      return { stop: () => cluster.sUnsubscribe(channel) };
    },
    close: async () => void (await cluster.destroy()),
  };
}
