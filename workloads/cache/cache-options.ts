/** The options of the cache workload. */
import { z } from "zod";
import type { OptionsOf } from "../role.ts";
import { keys, ms, timerMs } from "../role.ts";
import { CACHE_WRITES } from "./adapter-shape.ts";
import { KEY_PLACE } from "./store-text.ts";

const KEYS = keys.describe("the keys");
const STORE_KEY = z
  .string()
  .default(KEY_PLACE)
  .describe("where the store has the text of a key, which stands for {key}");
const STORE_TIMEOUT_MS = timerMs
  .default(2_000)
  .describe("how long a connection of redquake's own to the store waits for a reply");

const CACHE = {
  keys: KEYS,
  cache: z.string().default("").describe("a cache that redquake brings along, such as `tracking`"),
  adapter: z.json().optional().describe("an adapter instead: where its code is"),
  deadlineMs: ms.default(15_000).describe("how long a library may take to settle anything before that is told"),
  commandTimeoutMs: timerMs.default(2_000).describe("how long redquake's own clients wait for a reply"),
};

export const WRITER_OPTIONS = {
  ...CACHE,
  storeKey: STORE_KEY,
  how: z.enum(CACHE_WRITES).default("set").describe("how the store is written"),
  writeEveryMs: ms.default(60).describe("the longest pause between two writes"),
  textLength: z.int().min(0).default(0).describe("how long each text is at the least"),
  burst: z.int().min(1).default(1).describe("how often the same key is written, one write after the other"),
  burstMs: ms.default(0).describe("the longest pause between two writes of a burst"),
  halfAfterMs: ms
    .optional()
    .describe("so long after the start of the load the second half of the keys is written for the last time"),
  writeDeadlineMs: timerMs.default(4_000).describe("how long a write is waited for"),
};

export const USER_OPTIONS = {
  ...CACHE,
  readEveryMs: ms.default(4).describe("the longest pause between two gets"),
  getDeadlineMs: timerMs.default(1_500).describe("how long a get is waited for"),
};

export const READER_OPTIONS = {
  keys: KEYS,
  storeKey: STORE_KEY,
  commandTimeoutMs: STORE_TIMEOUT_MS,
  lookEveryMs: ms.default(80).describe("the pause between two looks at all keys of the store"),
  observeEveryMs: ms.default(250).describe("the least time between two looks at what the servers count"),
};

export type WriterOptions = OptionsOf<typeof WRITER_OPTIONS>;
export type UserOptions = OptionsOf<typeof USER_OPTIONS>;
