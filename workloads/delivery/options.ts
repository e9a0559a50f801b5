/** The options of the delivery workload. */
import { z } from "zod";
import type { OptionsOf } from "../role.ts";
import { keys, ms, timerMs } from "../role.ts";

const CHANNELS = {
  channels: keys.default(["orders"]).describe("the channels, streams or queues"),
};

const CLIENT = {
  ...CHANNELS,
  delivery: z.string().default("").describe("a delivery that redquake brings along, such as `bullmq@6.7.0`"),
  adapter: z.json().optional().describe("an adapter instead: where its code is"),
  deadlineMs: ms.default(15_000).describe("how long a library may take to settle anything"),
  commandTimeoutMs: timerMs.default(2_000).describe("how long redquake's own clients wait for a reply"),
};

export const PUBLISHER_OPTIONS = {
  ...CLIENT,
  everyMs: ms.default(8).describe("the longest pause between two messages"),
  burst: z.int().min(1).default(1).describe("how many messages are sent at once, in one turn of the event loop"),
  maxBytes: z
    .int()
    .min(0)
    .max(2 ** 20)
    .default(0)
    .describe("messages are filled up to a size drawn up to this, in bytes; 0 leaves them as short as they are"),
  maxDelayMs: ms.default(0).describe("the longest time after which a message is due, where the adapter can delay"),
};

export const CONSUMER_OPTIONS = {
  ...CLIENT,
  group: z.string().default("workers").describe("the group that shares the messages, where they are shared"),
  workMs: ms.default(4).describe("the longest time that a handler takes"),
  refuseEvery: z.int().min(0).default(0).describe("every so many-th message is refused once by its handler; 0: none"),
  stayMs: ms
    .default(0)
    .describe("how long a consumer stays before it leaves and comes back by another name; 0: always"),
  settleMs: ms.default(15_000).describe("how long consumers go on at the end while messages are left"),
};

export const OBSERVER_OPTIONS = {
  ...CHANNELS,
  everyMs: ms.default(200).describe("how often each server is asked"),
};

export const READER_OPTIONS = CHANNELS;

export type PublisherOptions = OptionsOf<typeof PUBLISHER_OPTIONS>;
export type ConsumerOptions = OptionsOf<typeof CONSUMER_OPTIONS>;
export type ObserverOptions = OptionsOf<typeof OBSERVER_OPTIONS>;
