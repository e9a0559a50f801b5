/** Stands between the workload and the adapter of a delivery: what it returns is checked, and what it hands over. */
import { AdapterError } from "../adapter/adapter-error.ts";
import type { AdapterEnvironment } from "../adapter/adapter.ts";
import { GuardedCalls, openInTime } from "../adapter/guarded-calls.ts";
import type { GuardOptions } from "../adapter/guarded-calls.ts";
import type { DeliveryAdapter, DeliveryClient, Handler } from "./adapter.ts";
import { assertConsumption, assertDeliveryClient } from "./adapter-shape.ts";

/**
 * Opens the adapter.
 * @throws AdapterError when it cannot be opened.
 */
export async function openGuardedDelivery(
  adapter: DeliveryAdapter,
  environment: AdapterEnvironment,
  options: GuardOptions,
): Promise<DeliveryClient> {
  const { named, deadlineMs, fail } = options;
  const guard = new GuardedCalls(options);
  const client = assertDeliveryClient(await openInTime(adapter, environment, options), named);
  const handed =
    (handler: Handler): Handler =>
    (text: unknown) => {
      if (typeof text === "string") return handler(text);
      const error = new AdapterError({
        adapter: named,
        problem: `calls the handler with ${typeof text}, and a message is the text that was published`,
        remedy: "hand over the text as it was given to publish()",
      });
      fail(error);
      return Promise.reject(error);
    };
  return {
    publish: (channel, text, publishing) =>
      guard.call("publish", deadlineMs + (publishing.delayMs ?? 0), async () =>
        client.publish(channel, text, publishing),
      ),
    consume: (channel, handler, consumer) =>
      guard.call("consume", deadlineMs, async () => {
        const consumption = assertConsumption(await client.consume(channel, handed(handler), consumer), named);
        return { stop: () => guard.call("stop", deadlineMs, async () => consumption.stop()) };
      }),
    ...(client.close === undefined
      ? {}
      : { close: () => guard.call("close", deadlineMs, async () => client.close?.()) }),
  };
}
