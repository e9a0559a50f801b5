/** The caches of an adapter that is checked, two of them on one store, and the store itself. */
import { setTimeout as delay } from "node:timers/promises";
import { AdapterError } from "../../adapter/adapter-error.ts";
import type { ConformanceOptions } from "../../adapter/conformance/check.ts";
import { said, withDeadline } from "../../adapter/conformance/calls.ts";
import type { Outcome } from "../../adapter/conformance/outcome.ts";
import { failed } from "../../adapter/conformance/outcome.ts";
import { Servers } from "../../adapter/conformance/servers.ts";
import { DEADLINE_MS } from "../../adapter/conformance/times.ts";
import { openEnvironment } from "../../adapter/open-environment.ts";
import { connected } from "../../clients/connection.ts";
import type { CacheAdapter, CacheClient, CacheWrite } from "../adapter.ts";
import { openGuarded } from "../guard.ts";
import { KEY_PLACE, storeKeyOf, textOf, versionOf, versionWithin } from "../store-text.ts";
import type { CheckId } from "./check.ts";
import { CONFORMANCE } from "./check.ts";

/** How long a message may be on its way on a busy machine, beside what a copy may be behind by itself. */
const HEARD_WITHIN_MS = 3_000;
const RETRY_MS = 20;

export class Bench {
  readonly options: ConformanceOptions<CacheAdapter>;
  readonly servers: Servers;
  readonly one: CacheClient;
  readonly other: CacheClient;
  readonly #store: Awaited<ReturnType<typeof connected>>;
  readonly #end: () => void;
  readonly #told = new Set<CheckId>();
  #keys = 0;

  private constructor(
    options: ConformanceOptions<CacheAdapter>,
    parts: {
      readonly servers: Servers;
      readonly store: Awaited<ReturnType<typeof connected>>;
      readonly one: CacheClient;
      readonly other: CacheClient;
      readonly end: () => void;
    },
  ) {
    this.options = options;
    this.servers = parts.servers;
    this.one = parts.one;
    this.other = parts.other;
    this.#store = parts.store;
    this.#end = parts.end;
  }

  static async open(options: ConformanceOptions<CacheAdapter>): Promise<Bench> {
    const { adapter, endpoints, random } = options;
    const ending = new AbortController();
    const open = async (clientId: string) => {
      const opened = openEnvironment({
        endpoints,
        redisOptions: (server) => ({ ...endpoints[server] }),
        system: "single",
        signal: ending.signal,
        clientId,
        random,
      });
      const cache = await openGuarded(adapter, opened.environment, { ...options, deadlineMs: DEADLINE_MS });
      await opened.connected();
      return { cache, close: opened.close };
    };
    const [one, other] = await Promise.all([open("client-1"), open("client-2")]);
    return new Bench(options, {
      servers: await Servers.at(endpoints),
      store: await connected({ ...endpoints[0] }),
      one: one.cache,
      other: other.cache,
      end: () => {
        ending.abort();
        one.close();
        other.close();
      },
    });
  }

  /** A key that nobody has used. */
  key(): string {
    this.#keys += 1;
    return `conformance:${this.#keys}`;
  }

  can(write: CacheWrite): boolean {
    return (this.options.adapter.writes ?? ["set"]).includes(write);
  }

  /** The version that the store itself has; undefined where it has none. */
  async stored(key: string): Promise<number | undefined> {
    const text = await this.#store.get(this.storeKey(key));
    return text === null ? undefined : versionWithin(key, text);
  }

  /** Writes the store past the caches. */
  async put(key: string, version: number): Promise<void> {
    await this.#store.set(this.storeKey(key), textOf(key, version));
  }

  storeKey(key: string): string {
    return storeKeyOf(this.options.adapter.storeKey ?? KEY_PLACE, key);
  }

  /** What the other cache gives, once it is of that version; else the last thing that it gave. */
  async heard(
    key: string,
    version: number,
  ): Promise<{ readonly text: string | null | undefined; readonly ms: number }> {
    const started = performance.now();
    const patience = HEARD_WITHIN_MS + (this.options.adapter.behindMs ?? 0);
    for (;;) {
      const text = await this.get(this.other, key);
      const ms = performance.now() - started;
      if ((typeof text === "string" && versionOf(key, text) === version) || ms > patience) return { text, ms };
      await delay(RETRY_MS);
    }
  }

  get(cache: CacheClient, key: string): Promise<string | null | undefined> {
    return withDeadline(cache.get(key), `get() did not settle within ${DEADLINE_MS} ms`);
  }

  async set(cache: CacheClient, key: string, version: number): Promise<void> {
    await withDeadline(cache.set(key, textOf(key, version)), `set() did not settle within ${DEADLINE_MS} ms`);
  }

  /** Makes checks. What goes wrong on the way to a check fails it. */
  async try(ids: readonly CheckId[], check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      for (const id of ids) if (!this.#told.has(id)) this.tell(id, failed(said(error)));
    }
  }

  /** Tells a check that has been made. */
  tell(id: CheckId, outcome: Outcome): void {
    this.#told.add(id);
    this.options.seen({ id, title: CONFORMANCE[id], ...outcome });
  }

  /** Ends everything that is not the adapter's own. */
  close(): void {
    this.#end();
    this.#store.disconnect();
    this.servers.disconnect();
  }
}
