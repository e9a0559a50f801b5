/**
 * Sharded Pub/Sub on a Cluster (https://redis.io/docs/latest/develop/pubsub/#sharded-pubsub), by redquake's own ioredis
 * with its defaults but for the sharded subscribers.
 */
import type { DeliveryAdapter } from "../adapter.ts";

export const shardedSubscription: DeliveryAdapter = {
  kind: "delivery",
  name: "ssubscribe",
  contract: "at-most-once",
  systems: ["cluster"],
  open: (environment) => {
    const publisher = environment.cluster();
    return {
      publish: (channel, text) => publisher.spublish(channel, text),
      consume: async (channel, handler) => {
        const subscriber = environment.cluster({ shardedSubscribers: true });
        subscriber.on("smessage", (from: string, text: string) => {
          if (from === channel) void handler(text);
        });
        await subscriber.ssubscribe(channel);
        return {
          stop: async () => {
            await subscriber.sunsubscribe(channel);
            subscriber.disconnect();
          },
        };
      },
    };
  },
};
