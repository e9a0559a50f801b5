/**
 * Pub/Sub as its documentation has it (https://redis.io/docs/latest/develop/pubsub/), by redquake's own ioredis: it
 * subscribes again by itself, and says when it knows that it is not subscribed.
 */
import type { Redis } from "ioredis";
import type { AdapterEnvironment } from "../../adapter/adapter.ts";
import type { Consumer, Consumption, DeliveryAdapter, Handler } from "../adapter.ts";

export const subscription: DeliveryAdapter = pubsubBy("subscribe", async (server, channel, handler) => {
  server.on("message", (from: string, text: string) => {
    if (from === channel) void handler(text);
  });
  await server.subscribe(channel);
});

export const patternSubscription: DeliveryAdapter = pubsubBy("psubscribe", async (server, channel, handler) => {
  // A pattern that fits more than the channel: what comes from others is somebody else's.
  const pattern = `${channel}*`;
  server.on("pmessage", (by: string, from: string, text: string) => {
    if (by === pattern && from === channel) void handler(text);
  });
  await server.psubscribe(pattern);
});

export type Subscribe = (server: Redis, channel: string, handler: Handler) => Promise<void>;

/** @param options of the subscriber's connection, where they are not ioredis' defaults */
export function pubsubBy(
  name: string,
  subscribe: Subscribe,
  options: NonNullable<Parameters<AdapterEnvironment["redis"]>[1]> = {},
): DeliveryAdapter {
  return {
    kind: "delivery",
    name,
    contract: "at-most-once",
    systems: ["single", "sentinel"],
    open: (environment) => {
      const publisher = environment.redis();
      return {
        publish: (channel, text) => publisher.publish(channel, text),
        consume: async (channel, handler, consumer) => {
          const server = environment.redis(0, options);
          await subscribe(server, channel, handler);
          return watchedConnection(server, consumer);
        },
      };
    },
  };
}

/** Tells what its client knows of the connection, until it is stopped. */
function watchedConnection(server: Redis, { told }: Consumer): Consumption {
  let up = true;
  server.on("close", () => {
    if (up) told(false);
    up = false;
  });
  server.on("ready", () => void subscribedAgain());
  return {
    stop: async () => {
      up = false;
      await server.quit();
    },
  };
  // The library sends its subscriptions before anything else on a new connection: an answered PING proves them.
  async function subscribedAgain(): Promise<void> {
    try {
      await server.ping();
    } catch {
      // Lost again before it answered.
      return;
    }
    if (!up) told(true);
    up = true;
  }
}
