/**
 * `ioredis` (https://github.com/redis/ioredis) as its README has subscribers: one client publishes, another one
 * subscribes, and subscribes again by itself. Its own defaults.
 */
import { once } from "node:events";
import type { EventEmitter } from "node:events";
import type { AdapterEnvironment } from "../../adapter/adapter.ts";
import type { AdapterLibrary } from "../../adapter/shelf.ts";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { ClientLibrary } from "../../clients/client-library.ts";
import type { Consumer, DeliveryAdapter, DeliveryClient } from "../adapter.ts";
import { ioredisPlace } from "./places.ts";

interface IoredisClient extends EventEmitter {
  publish(channel: string, text: string): Promise<number>;
  spublish(channel: string, text: string): Promise<number>;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  sunsubscribe(channel: string): Promise<unknown>;
  ssubscribe(channel: string): Promise<unknown>;
  ping(): Promise<unknown>;
  disconnect(): void;
}

type RedisClass = new (options: object) => IoredisClient;

/** Before version 5.3 the module is the class itself. */
type Ioredis = RedisClass & {
  readonly Redis?: RedisClass;
  readonly Cluster: new (nodes: readonly object[], options: object) => IoredisClient;
};

/** The versions that have known bugs of subscriptions, and those without (redis/ioredis#1589, #2012, #2021). */
const TRIED = ["5.2.0", "5.2.1", "5.11.1", "6.0.0"];
const SHARDED_TRIED = ["5.6.0", "5.8.0", "5.8.1", "5.11.1", "6.0.0"];

export const ioredisSubscribe: AdapterLibrary<DeliveryAdapter> = {
  name: "ioredis/subscribe",
  package: "ioredis",
  tried: TRIED,
  adapter: (installed) => ({
    kind: "delivery",
    contract: "at-most-once",
    systems: ["single", "sentinel", "cluster"],
    open: (environment) => open(installed, environment, PLAIN),
  }),
};

export const ioredisSharded: AdapterLibrary<DeliveryAdapter> = {
  name: "ioredis/ssubscribe",
  package: "ioredis",
  tried: SHARDED_TRIED,
  adapter: (installed) => ({
    kind: "delivery",
    contract: "at-most-once",
    systems: ["cluster"],
    open: (environment) => open(installed, environment, SHARDED),
  }),
};

const PLAIN = { publish: "publish", subscribe: "subscribe", unsubscribe: "unsubscribe", on: "message" } as const;
const SHARDED = { publish: "spublish", subscribe: "ssubscribe", unsubscribe: "sunsubscribe", on: "smessage" } as const;

type Words = typeof PLAIN | typeof SHARDED;

async function open(installed: ClientLibrary, environment: AdapterEnvironment, words: Words): Promise<DeliveryClient> {
  const ioredis = loadClientLibrary(installed) as Ioredis;
  const { Redis = ioredis, Cluster } = ioredis;
  const { system, endpoints, log } = environment;
  const clients: IoredisClient[] = [];
  const connect = async (): Promise<IoredisClient> => {
    const client = system === "cluster" ? new Cluster([...endpoints], {}) : new Redis(ioredisPlace(environment));
    // Without a listener it writes every error to the standard error by itself.
    client.on("error", (error: Error) => log(`ioredis: ${error.message}`));
    clients.push(client);
    await once(client, "ready");
    return client;
  };
  const publisher = await connect();
  return {
    publish: (channel, text) => publisher[words.publish](channel, text),
    consume: async (channel, handler, consumer) => {
      const subscriber = await connect();
      subscriber.on(words.on, (from: string, text: string) => {
        if (from === channel) void handler(text);
      });
      await subscriber[words.subscribe](channel);
      // The client of a Cluster tells nothing of the connection that carries its subscriptions.
      if (system !== "cluster") tellOf(subscriber, consumer);
      return {
        stop: async () => {
          // What has been sent before its answer is still handed over.
          await subscriber[words.unsubscribe](channel);
          subscriber.disconnect();
        },
      };
    },
    close: async () => {
      for (const client of clients) client.disconnect();
      await Promise.resolve();
    },
  };
}

function tellOf(subscriber: IoredisClient, { told }: Consumer): void {
  let up = true;
  subscriber.on("close", () => {
    if (up) told(false);
    up = false;
  });
  // It sends its subscriptions before anything else on a new connection: an answered PING proves them.
  const subscribedAgain = async (): Promise<void> => {
    await subscriber.ping();
    if (!up) told(true);
    up = true;
  };
  // Lost again before it answered.
  subscriber.on("ready", () => void subscribedAgain().catch(() => undefined));
}
