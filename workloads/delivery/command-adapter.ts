/** A delivery in any language: what its process is asked, what it answers, and what it hands over. */
import { z } from "zod";
import type { Json } from "../../history/operation.ts";
import { ANYTHING } from "../adapter/json-lines.ts";
import type { JsonLines } from "../adapter/json-lines.ts";
import type { AdapterEnvironment } from "../adapter/adapter.ts";
import type { Consumer, DeliveryAdapter, DeliveryClient, Handler } from "./adapter.ts";
import { DELIVERY_FACTS } from "./adapter-shape.ts";

const PUBLISHED = z.looseObject({ receivers: z.number().nullish() });
const CONSUMED = z.looseObject({ consumption: z.union([z.string(), z.number()]) });
/** It hands over a message by `{"consumption": 1, "message": 7, "text": "…"}`, and is told what came of message 7. */
const HANDED = z.looseObject({
  consumption: z.union([z.string(), z.number()]),
  message: z.union([z.string(), z.number()]),
  text: z.string(),
});
const TOLD = z.looseObject({ consumption: z.union([z.string(), z.number()]), connected: z.boolean() });

/**
 * @param describes what its process said of itself, read by a schema
 * @param next the process of the next client
 */
export function deliveryCommand(
  describes: (shape: typeof DELIVERY_FACTS) => z.infer<typeof DELIVERY_FACTS>,
  next: () => JsonLines,
): DeliveryAdapter {
  const facts = describes(DELIVERY_FACTS);
  return { ...facts, open: (environment) => openCommand(next(), environment) } as DeliveryAdapter;
}

interface Consuming {
  readonly handler: Handler;
  readonly consumer: Consumer;
}

async function openCommand(
  lines: JsonLines,
  { system, endpoints, masterName, clientId, random }: AdapterEnvironment,
): Promise<DeliveryClient> {
  const consuming = new Map<string, Consuming>();
  lines.onSaid((said) => hear(said, consuming, lines));
  const seed = random.integer(0, 2 ** 31 - 1);
  await lines.ask("open", { system, endpoints, masterName, clientId, seed }, ANYTHING);
  return {
    publish: async (channel, text, options) =>
      (await lines.ask("publish", { channel, text, ...options }, PUBLISHED)).receivers ?? undefined,
    consume: async (channel, handler, consumer) => {
      const { group, name } = consumer;
      // Under the consumer's name: a message may come before the answer to this.
      consuming.set(name, { handler, consumer });
      const { consumption } = await lines.ask("consume", { channel, group, name }, CONSUMED);
      consuming.set(String(consumption), { handler, consumer });
      return {
        stop: async () => {
          await lines.ask("stop", { consumption }, ANYTHING);
          consuming.delete(name);
          consuming.delete(String(consumption));
        },
      };
    },
    close: async () => {
      await lines.ask("close", {}, ANYTHING);
      await lines.end();
    },
  };
}

function hear(said: Json, consuming: ReadonlyMap<string, Consuming>, lines: JsonLines): boolean {
  const { data: told } = TOLD.safeParse(said);
  if (told !== undefined) {
    consuming.get(String(told.consumption))?.consumer.told(told.connected);
    return true;
  }
  const { data: handed } = HANDED.safeParse(said);
  if (handed === undefined) return false;
  const { consumption, message, text } = handed;
  const handler = consuming.get(String(consumption))?.handler;
  if (handler === undefined) return false;
  handler(text).then(
    () => lines.tell({ op: "handled", message }),
    (error: unknown) => lines.tell({ op: "refused", message, error: String(error) }),
  );
  return true;
}
