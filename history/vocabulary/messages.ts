/** What publishers, subscribers, and the producers and consumers of streams record. */
import { z } from "zod";
import type { EventsOf, Vocabulary } from "./operation-values.ts";

export const CHANNEL = z.strictObject({ channel: z.string() });

/** `message` is `"<publisher>:<number>"`, numbered from 1 without gaps for each publisher and channel. */
export const MESSAGE = { channel: z.string(), message: z.string() };

export const PUBSUB = {
  publish: { invoke: z.strictObject(MESSAGE), ok: z.strictObject({ ...MESSAGE, receivers: z.number() }) },
  subscribe: { invoke: CHANNEL, ok: CHANNEL },
  deliver: { invoke: CHANNEL, ok: z.strictObject(MESSAGE) },
} as const satisfies Vocabulary;

export const STREAM = {
  add: { invoke: z.strictObject(MESSAGE), ok: z.strictObject({ ...MESSAGE, id: z.string().nullable() }) },
  deliver: {
    invoke: CHANNEL,
    ok: z.strictObject({ ...MESSAGE, id: z.string(), via: z.enum(["read", "claim"]) }),
  },
  ack: {
    invoke: z.strictObject({ ...MESSAGE, id: z.string() }),
    ok: z.strictObject({ ...MESSAGE, id: z.string() }),
  },
} as const satisfies Vocabulary;

export type PubsubEvents = EventsOf<typeof PUBSUB>;
export type StreamEvents = EventsOf<typeof STREAM>;
