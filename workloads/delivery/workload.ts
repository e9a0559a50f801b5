/**
 * Numbered unique messages through whatever delivers them, behind `DeliveryAdapter`: publishers, consumers with a
 * handler, an observer that asks the servers, and a reader of what the handlers have done.
 */
import { DELIVERY_EVENTS } from "../../history/vocabulary/delivery.ts";
import { connected } from "../clients/connection.ts";
import { SideEffects } from "../clients/side-effects.ts";
import type { Workload } from "../role.ts";
import { role } from "../role.ts";
import { consume } from "./consumer.ts";
import { observe } from "./observer.ts";
import { CONSUMER_OPTIONS, OBSERVER_OPTIONS, PUBLISHER_OPTIONS, READER_OPTIONS } from "./options.ts";
import { publish } from "./publisher.ts";

const {
  publish: publishing,
  subscribe,
  unsubscribe,
  told,
  deliver,
  effect,
  ack,
  effects,
  observe: observing,
} = DELIVERY_EVENTS;

const publisher = role(
  {
    options: PUBLISHER_OPTIONS,
    barriers: { "before-publish": "a publisher is about to send" },
    events: { publish: publishing },
  },
  publish,
);

const consumer = role(
  {
    options: CONSUMER_OPTIONS,
    barriers: {
      delivered: "a handler was handed a message, and has done nothing yet",
      worked: "a handler has done its work, and has not told so yet",
    },
    events: { subscribe, unsubscribe, told, deliver, effect, ack },
  },
  consume,
);

const observer = role({ options: OBSERVER_OPTIONS, events: { observe: observing } }, observe);

const reader = role({ options: READER_OPTIONS, events: { effects } }, async (context, { channels }) => {
  const server = await connected({ ...context.resource, protocol: 3 });
  const logical = context.client();
  await context.ready();
  await context.final();
  for (const channel of channels) {
    const made = new SideEffects<{ readonly message: string; readonly delivery: string }>(server, channel);
    await logical.operation("effects", { channel }, async ({ ok }) => ok({ channel, effects: await made.all() }), {
      reads: true,
    });
  }
});

export const deliveryWorkload = {
  name: "delivery",
  roles: { publisher, consumer, observer, reader },
} as const satisfies Workload;
