/** Starting points of `redquake init` for what delivers messages. */
import type { AdapterTemplate } from "./adapter-template.ts";

const HEAD = `// Your delivery, as redquake calls it. The contract: node_modules/redquake/docs/delivery.md`;

const SUBSCRIBER = `${HEAD}
// This one is a subscriber of ioredis with its defaults; put your own in its place.
import type { DeliveryAdapter } from "redquake/adapter";

export default {
  kind: "delivery",
  name: "my-subscriber@1.0.0",
  contract: "at-most-once", // each consumer gets each message, in order, while it is connected
  open({ redis }) {
    const publisher = redis(); // an ioredis, through the fault proxies; for clients of your own use \`endpoints\`
    return {
      publish: (channel, text) => publisher.publish(channel, text),
      async consume(channel, handler, { told }) {
        const subscriber = redis();
        subscriber.on("message", (from, text) => from === channel && void handler(text));
        // What the app knows of its subscription: what is lost outside these times is lost behind its back.
        subscriber.on("close", () => told(false));
        subscriber.on("ready", () => subscriber.ping().then(() => told(true), () => undefined));
        await subscriber.subscribe(channel);
        return {
          async stop() {
            await subscriber.unsubscribe(channel);
            subscriber.disconnect();
          },
        };
      },
    };
  },
} satisfies DeliveryAdapter;
`;

const CONSUMER = `${HEAD}
// This one is a consumer group of a stream, and acknowledges an entry when its handler is done; put your own library in
// its place.
import type { DeliveryAdapter } from "redquake/adapter";

const IDLE_MS = 1000; // how long an entry must have been unacknowledged before another consumer takes it over
type Entry = [id: string, fields: string[]];

export default {
  kind: "delivery",
  name: "my-consumer@1.0.0",
  contract: "at-least-once",
  takeoverMs: 2 * IDLE_MS,
  open({ redis }) {
    const publisher = redis();
    return {
      publish: (channel, text) => publisher.xadd(channel, "*", "text", text),
      async consume(channel, handler, { group, name }) {
        const server = redis();
        await server.xgroup("CREATE", channel, group, "0", "MKSTREAM").catch((error: Error) => {
          if (!error.message.startsWith("BUSYGROUP")) throw error;
        });
        let stopping = false;
        const step = async () => {
          const [, abandoned] = (await server.xautoclaim(channel, group, name, IDLE_MS, "0-0", "COUNT", 10)) as [
            string,
            Entry[],
          ];
          const read = (await server.xreadgroup(
            "GROUP", group, name, "COUNT", 10, "BLOCK", 100, "STREAMS", channel, ">",
          )) as [string, Entry[]][] | { [stream: string]: Entry[] } | null;
          const fresh = Array.isArray(read) ? (read[0]?.[1] ?? []) : (read?.[channel] ?? []);
          for (const [id, fields] of [...abandoned, ...fresh]) {
            await handler(fields[1] ?? ""); // rejects when it refuses: then the entry stays pending
            await server.xack(channel, group, id);
          }
        };
        const running = (async () => {
          while (!stopping) await step().catch(() => new Promise((resolve) => setTimeout(resolve, 50)));
        })();
        return {
          async stop() {
            stopping = true;
            await running;
            server.disconnect();
          },
        };
      },
    };
  },
} satisfies DeliveryAdapter;
`;

export const DELIVERY_TEMPLATES = {
  subscriber: { when: "a subscriber of Pub/Sub", packages: [], text: SUBSCRIBER, file: "my-subscriber.ts" },
  consumer: { when: "a consumer of a stream or a queue", packages: [], text: CONSUMER, file: "my-consumer.ts" },
} as const satisfies Readonly<Record<string, AdapterTemplate>>;
