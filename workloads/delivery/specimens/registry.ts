/** Deliveries that are wrong on purpose, each with one flaw that is found in the field. */
import type { Specimen } from "../../adapter/shelf.ts";
import type { DeliveryAdapter, DeliveryClient, Handler } from "../adapter.ts";
import { delayedAdapter } from "../references/delayed-set.ts";
import { groupAdapter, streamGroup } from "../references/stream-group.ts";
import { pubsubBy, subscription } from "../references/subscription.ts";

/** Every so many-th message. */
const EVERY = 10;

export const deliverySpecimens: readonly Specimen<DeliveryAdapter>[] = [
  {
    adapter: handing(subscription, "drops-some", (handler) => {
      let count = 0;
      return (text) => ((count += 1) % EVERY === 0 ? Promise.resolve() : handler(text));
    }),
    flaw: `its subscriber drops every ${EVERY}th message`,
  },
  {
    adapter: handing(subscription, "doubles", (handler) => {
      let count = 0;
      return async (text) => {
        await handler(text);
        if ((count += 1) % EVERY === 0) await handler(text);
      };
    }),
    flaw: `its subscriber hands over every ${EVERY}th message twice`,
  },
  {
    adapter: handing(subscription, "reorders", (handler) => {
      let [count, kept] = [0, undefined as string | undefined];
      return async (text) => {
        count += 1;
        if (kept === undefined && count % EVERY === 0) {
          kept = text;
          return;
        }
        const before = kept;
        kept = undefined;
        await handler(text);
        if (before !== undefined) await handler(before);
      };
    }),
    flaw: `its subscriber hands over every ${EVERY}th message after the next one`,
  },
  {
    adapter: pubsubBy(
      "never-resubscribes",
      async (server, channel, handler) => {
        server.on("message", (from: string, text: string) => {
          if (from === channel) void handler(text);
        });
        await server.subscribe(channel);
      },
      { autoResubscribe: false },
    ),
    flaw: "its subscriber connects again and does not subscribe again",
  },
  {
    adapter: groupAdapter("acknowledges-first", { acknowledgesFirst: true }),
    flaw: "its consumer acknowledges an entry before it has dealt with it",
  },
  {
    adapter: groupAdapter("never-claims", { neverClaims: true }),
    flaw: "its consumers read new entries only, and leave those of a dead consumer pending",
  },
  {
    adapter: groupAdapter("loses-cursor", { losesCursor: true }),
    flaw: "its consumers look for abandoned entries once, and never again from the start",
  },
  {
    adapter: groupAdapter("never-makes-group-again", { neverMakesGroupAgain: true }),
    flaw: "its consumers make their group at the start, and not again when the server has lost it",
  },
  {
    adapter: delayedAdapter("ignores-due-times", 200),
    flaw: "its consumers take delayed messages up to 200 ms before they are due",
  },
  {
    adapter: handing(streamGroup, "swallows-refusals", (handler) => (text) => handler(text).catch(() => undefined)),
    flaw: "its consumer acknowledges an entry that its handler has refused",
  },
];

/** The same adapter, but what arrives goes through `hand`. */
function handing(adapter: DeliveryAdapter, name: string, hand: (handler: Handler) => Handler): DeliveryAdapter {
  return {
    ...adapter,
    name,
    open: async (environment) => {
      const client: DeliveryClient = await adapter.open(environment);
      return {
        ...client,
        consume: (channel, handler, consumer) => client.consume(channel, hand(handler), consumer),
      };
    },
  };
}
