/**
 * The contract of a cache: copies of what a store on Redis has, kept fresh by messages, by the server's tracking or by
 * a time to live. It is part of `redquake/adapter`, and explained with an example in `docs/caches.md`.
 */
import type { AdapterEnvironment, AnyAdapter } from "../adapter/adapter.ts";

/**
 * A way in which the store is written so that the cache has to hear of it.
 * - `set`: through the cache.
 * - `invalidate`: the store is written directly, and then the cache is told of the key.
 * - `direct`: somebody else writes the store, and tells nobody.
 */
export type CacheWrite = "set" | "invalidate" | "direct";

/** A cache library, and how to call it. A module gives it as its default export, or as the export `adapter`. */
export interface CacheAdapter extends AnyAdapter {
  readonly kind: "cache";
  /**
   * Those that it can cope with. With `invalidate` and `direct` redquake writes the text itself into the store, as
   * `SET` does. Default: `["set"]`.
   */
  readonly writes?: readonly CacheWrite[];
  /** Where the store has the text of a key, with `{key}` in its place. The text may be a part of what lies there. */
  readonly storeKey?: string;
  /**
   * How many milliseconds a copy may be behind the store by its own options, such as its time to live. Claims allow so
   * much more. Default: 0.
   */
  readonly behindMs?: number;
  /** Called once in each worker process, before the load begins. What it throws ends the run. */
  open(environment: AdapterEnvironment): CacheClient | Promise<CacheClient>;
}

export interface CacheClient {
  /**
   * What a user of the cache gets: from its copy, or from the store. `null` when the store has no such key, `undefined`
   * when it has no copy and does not ask the store.
   */
  get(key: string): Promise<string | null | undefined>;
  /**
   * Writes the store, and lets every cache know.
   * @throws whatever leaves it open whether the store was written: it is recorded as `info`.
   */
  set(key: string, value: string): Promise<unknown>;
  /** Lets every cache know that the store was written by somebody else. */
  invalidate(key: string): Promise<unknown>;
  /** The library's own word on whether it hears of what changes; give it where the library offers one. */
  isFresh?(key: string): boolean | Promise<boolean>;
  /** Called when the worker has nothing left to do; afterwards nothing may keep its process alive. */
  close?(): Promise<void>;
}
