/** Whether what a module exports is the adapter of a cache, and whether what its methods return is what they must. */
import { z } from "zod";
import { AdapterError } from "../adapter/adapter-error.ts";
import { A_FUNCTION, COMMON_FACTS, complaint, shown } from "../adapter/shape.ts";
import type { CacheAdapter, CacheClient } from "./adapter.ts";
import { KEY_PLACE } from "./store-text.ts";

export const CACHE_WRITES = ["set", "invalidate", "direct"] as const;

const FACTS = {
  ...COMMON_FACTS,
  kind: z.literal("cache"),
  writes: z.array(z.enum(CACHE_WRITES)).nonempty().optional(),
  storeKey: z
    .string()
    .refine((text) => text.includes(KEY_PLACE), `must have ${KEY_PLACE} where the key goes`)
    .optional(),
  behindMs: z.number().nonnegative().optional(),
};

const ADAPTER = z.looseObject({ ...FACTS, open: A_FUNCTION });
const CLIENT = z.looseObject({
  get: A_FUNCTION,
  set: A_FUNCTION,
  invalidate: A_FUNCTION,
  isFresh: A_FUNCTION.optional(),
  close: A_FUNCTION.optional(),
});

/** What has to be known of an adapter before anything is started. */
export const CACHE_FACTS = z.object(FACTS);
export type CacheFacts = z.infer<typeof CACHE_FACTS>;

/** @throws AdapterError naming what it lacks. */
export function assertAdapter(value: unknown, adapter: string): CacheAdapter {
  const why = complaint(ADAPTER, value, {
    open: "(environment) => { get, set, invalidate }",
    name: `"my-cache@1.0.0"`,
  });
  if (why === undefined) return value as CacheAdapter;
  throw new AdapterError({
    adapter,
    problem: value === undefined ? "exports no adapter" : `exports something that is no adapter: ${why}`,
    remedy: `its default export, or the export \`adapter\`, must be { kind: "cache", name: "my-cache@1.0.0", open(environment) { … } } (docs/caches.md)`,
  });
}

/** @throws AdapterError naming what it lacks. */
export function assertClient(value: unknown, adapter: string): CacheClient {
  const why = complaint(CLIENT, value);
  if (why === undefined) return value as CacheClient;
  throw new AdapterError({
    adapter,
    problem: `returns no cache from open(): ${why}`,
    remedy: "open() must return { get(key) { … }, set(key, value) { … }, invalidate(key) { … } }",
  });
}

/** @throws AdapterError when get() gave what no text is. */
export function assertText(value: unknown, adapter: string): string | null | undefined {
  if (typeof value === "string" || value === null || value === undefined) return value;
  throw new AdapterError({
    adapter,
    problem: `returns nonsense from get(): ${shown(value)}`,
    remedy:
      "get() must resolve to the text that was set, to null when the store has none, or to undefined when the cache has no copy and does not ask",
  });
}

/** @throws AdapterError when isFresh() said neither yes nor no. */
export function assertFreshness(value: unknown, adapter: string): boolean {
  if (typeof value === "boolean") return value;
  throw new AdapterError({
    adapter,
    problem: `returns nonsense from isFresh(): ${shown(value)}`,
    remedy: "isFresh() must say true or false; an adapter whose library does not tell leaves it out",
  });
}
