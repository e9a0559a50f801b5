/** Writes versions that only rise. Every key has one writer, so their order is known. */
import { pause } from "../../machine/long-timeout.ts";
import type { CacheWriterEvents } from "../../history/vocabulary/cache.ts";
import { CACHE_WRITER } from "../../history/vocabulary/cache.ts";
import { AdapterError } from "../adapter/adapter-error.ts";
import { useAdapter } from "../adapter/use-adapter.ts";
import { role } from "../role.ts";
import type { LogicalClient, WorkerContext } from "../workload.ts";
import type { CacheClient } from "./adapter.ts";
import type { WriterOptions } from "./cache-options.ts";
import { WRITER_OPTIONS } from "./cache-options.ts";
import { openGuarded } from "./guard.ts";
import { cacheKind } from "./kind.ts";
import { storeKeyOf, textOf } from "./store-text.ts";
import { Store } from "./store.ts";

type Context = WorkerContext<CacheWriterEvents>;

export const writer = role(
  {
    options: WRITER_OPTIONS,
    barriers: {
      written: "the store has been written directly, and the caches have not been told yet",
      "before-half": "before it writes the second half of the keys for the last time",
    },
    events: CACHE_WRITER,
  },
  async (context, options) => {
    const wishes = { ...options, name: options.cache, source: options.adapter };
    await useAdapter(context, cacheKind, wishes, async ({ adapter, environment, guard, connected }) => {
      const cache = await openGuarded(adapter, environment, guard);
      const store = await Store.open(context, options);
      await connected();
      await writeAll(context, options, new Writing(context, options, cache, store, guard.named));
      store.close();
      await cache.close?.();
    });
  },
);

async function writeAll(context: Context, options: WriterOptions, writing: Writing): Promise<void> {
  const { keys, writeEveryMs, burst, burstMs, halfAfterMs = Infinity } = options;
  const { random, loading } = context;
  for (const key of keys) await writing.write(key);
  await writing.assertStored(keys);
  await context.ready();
  const started = performance.now();
  let written = keys;
  while (!loading.aborted) {
    if (written === keys && performance.now() - started >= halfAfterMs) {
      written = keys.slice(0, Math.ceil(keys.length / 2));
      await context.barrier("before-half");
      for (const key of keys.slice(written.length)) await writing.write(key);
    }
    const key = random.pick(written);
    for (let i = 0; i < burst && !loading.aborted; i += 1) {
      if (i > 0) await pause(random.integer(0, burstMs));
      await writing.write(key);
    }
    await pause(random.integer(0, writeEveryMs));
  }
}

class Writing {
  readonly #context: Context;
  readonly #options: WriterOptions;
  readonly #cache: CacheClient;
  readonly #store: Store;
  readonly #named: string;
  readonly #logical: LogicalClient<CacheWriterEvents>;
  readonly #versions = new Map<string, number>();

  constructor(context: Context, options: WriterOptions, cache: CacheClient, store: Store, named: string) {
    this.#context = context;
    this.#options = options;
    this.#cache = cache;
    this.#store = store;
    this.#named = named;
    this.#logical = context.client();
  }

  async write(key: string): Promise<void> {
    const { how } = this.#options;
    const version = (this.#versions.get(key) ?? 0) + 1;
    this.#versions.set(key, version);
    if (how === "set") return this.#set(key, version);
    if (!(await this.#put(key, version)) || how === "direct") return;
    await this.#context.barrier("written");
    await this.#logical.operation(
      "invalidate",
      { key, version },
      async ({ ok, info }) => {
        try {
          await this.#cache.invalidate(key);
        } catch (error) {
          return info({ key, version }, messageOf(error));
        }
        return ok({ key, version });
      },
      { deadlineMs: this.#options.writeDeadlineMs },
    );
  }

  /**
   * To be called while nothing is wrong yet.
   * @throws AdapterError when the store does not have what set() has written: it went elsewhere.
   */
  async assertStored(keys: readonly string[]): Promise<void> {
    const { how, storeKey } = this.#options;
    if (how !== "set") return;
    for (const key of keys) {
      const { value } = await this.#store.read(key);
      if (value.version === this.#versions.get(key)) continue;
      throw new AdapterError({
        adapter: this.#named,
        problem: `has set ${JSON.stringify(key)}, and the store has ${value.version === 0 ? "nothing" : "something else"} under ${JSON.stringify(storeKeyOf(storeKey, key))}`,
        remedy:
          "set() must write the servers of environment.endpoints, and no mock; where it writes them under another name, say so in `storeKey`",
      });
    }
  }

  async #set(key: string, version: number): Promise<void> {
    const value = { key, version, how: "set" as const };
    await this.#logical.operation(
      "write",
      value,
      async ({ ok, info }) => {
        // A library that rejects may have written all the same.
        try {
          await this.#cache.set(key, textOf(key, version, this.#options.textLength));
        } catch (error) {
          return info(value, messageOf(error));
        }
        return ok(value);
      },
      { deadlineMs: this.#options.writeDeadlineMs },
    );
  }

  /** Whether the store may have been written. */
  async #put(key: string, version: number): Promise<boolean> {
    const value = { key, version, how: this.#options.how };
    const { type } = await this.#logical.operation("write", value, async ({ ok }) => {
      const { value: before, node } = await this.#store.write(key, version, this.#options.textLength);
      return ok({ ...value, ...(before.version === null ? {} : { before: before.version }) }, { node });
    });
    if (type === "info") await this.#store.renew();
    return type !== "fail";
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
