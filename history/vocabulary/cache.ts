/** What those record that put a cache to the test: writers, users of copies, and a reader of the store itself. */
import { z } from "zod";
import type { EventsOf, Vocabulary } from "./operation-values.ts";

const KEY = z.strictObject({ key: z.string() });

/** Versions of a key are numbered from 1 in the order in which they are written; 0 is before the first one. */
const VERSION = z.int().min(0);
const OF_A_VERSION = { key: z.string(), version: VERSION };

/** What lies in the store; `text` where it is none that anybody wrote under this key. */
const FOUND = { key: z.string(), version: VERSION.nullable(), text: z.string().exactOptional() };

const WAY = z.enum(["set", "invalidate", "direct"]);

export const CACHE_WRITER = {
  /** `before` is the version that the write replaced, as the server itself has told. */
  write: {
    invoke: z.strictObject({ ...OF_A_VERSION, how: WAY }),
    ok: z.strictObject({ ...OF_A_VERSION, how: WAY, before: VERSION.exactOptional() }),
  },
  /** After a write that was not made through the cache. */
  invalidate: { invoke: z.strictObject(OF_A_VERSION), ok: z.strictObject(OF_A_VERSION) },
} as const satisfies Vocabulary;

export const CACHE_USER = {
  /**
   * `version` is null where the cache has no copy and did not ask the store; `before` and `after` are whether the cache
   * said that it was fresh, asked right before the get and right after it.
   */
  read: {
    invoke: KEY,
    ok: z.strictObject({ ...FOUND, before: z.boolean().exactOptional(), after: z.boolean().exactOptional() }),
  },
} as const satisfies Vocabulary;

export const CACHE_READER = {
  "read-store": { invoke: KEY, ok: z.strictObject(FOUND) },
  /** What one server counts of all its clients. */
  observe: {
    invoke: z.strictObject({ node: z.string() }),
    ok: z.strictObject({ node: z.string(), subscriptions: z.number(), tracking: z.number(), clients: z.number() }),
  },
} as const satisfies Vocabulary;

export const CACHE = { ...CACHE_WRITER, ...CACHE_USER, ...CACHE_READER };

export type CacheWriterEvents = EventsOf<typeof CACHE_WRITER>;
export type CacheUserEvents = EventsOf<typeof CACHE_USER>;
export type CacheReaderEvents = EventsOf<typeof CACHE_READER>;
