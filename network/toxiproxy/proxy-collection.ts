import { ApiError } from "./api-error.ts";
import { Mutex } from "./mutex.ts";
import { Proxy } from "./proxy.ts";
import type { ProxyContext, ProxyFields } from "./proxy.ts";

export interface NewProxy extends ProxyFields {
  readonly name: string;
}

/**
 * All proxies of a server by name. What listens or stops listening runs one at a time, so that a name or a port is
 * never taken twice.
 */
export class ProxyCollection {
  readonly #proxies = new Map<string, Proxy>();
  readonly #context: ProxyContext;
  readonly #mutex = new Mutex();

  constructor(context: ProxyContext) {
    this.#context = context;
  }

  all(): readonly Proxy[] {
    return [...this.#proxies.values()];
  }

  /** @throws ApiError 404. */
  get(name: string): Proxy {
    const proxy = this.#proxies.get(name);
    if (proxy === undefined) throw ApiError.proxyNotFound();
    return proxy;
  }

  /** @throws ApiError 409 or 500, and then nothing is left of it. */
  create(fields: NewProxy): Promise<Proxy> {
    return this.#mutex.run(async () => {
      if (this.#proxies.has(fields.name)) throw ApiError.proxyExists();
      const proxy = new Proxy(fields.name, fields, this.#context);
      if (fields.enabled) await proxy.start();
      this.#proxies.set(proxy.name, proxy);
      return proxy;
    });
  }

  /**
   * Makes the proxies that do not exist yet and replaces those that differ; one that is the same already is left alone,
   * toxics, connections and `enabled` included. Stops at the first failure and keeps what was done.
   */
  populate(list: readonly NewProxy[]): Promise<{ readonly proxies: readonly Proxy[]; readonly error?: ApiError }> {
    return this.#mutex.run(async () => {
      const proxies: Proxy[] = [];
      for (const fields of list) {
        try {
          proxies.push(await this.#ensure(fields));
        } catch (error) {
          if (error instanceof ApiError) return { proxies, error };
          throw error;
        }
      }
      return { proxies };
    });
  }

  /** @throws ApiError 404 or 500. */
  update(name: string, change: (proxy: Proxy) => ProxyFields): Promise<Proxy> {
    return this.#mutex.run(async () => {
      const proxy = this.get(name);
      await proxy.update(change(proxy));
      return proxy;
    });
  }

  /** @throws ApiError 404. */
  remove(name: string): Promise<void> {
    return this.#mutex.run(async () => {
      this.get(name).stop();
      this.#proxies.delete(name);
    });
  }

  /**
   * Enables every proxy and removes every toxic.
   * @throws ApiError 500 at the first that does not start; the rest is left as it is.
   */
  reset(): Promise<void> {
    return this.#mutex.run(async () => {
      for (const proxy of this.all()) {
        await proxy.start();
        for (const toxic of proxy.toxics) proxy.removeToxic(toxic);
      }
    });
  }

  /** Stops and forgets every proxy. */
  close(): Promise<void> {
    return this.#mutex.run(async () => {
      for (const proxy of this.all()) proxy.stop();
      this.#proxies.clear();
    });
  }

  async #ensure(fields: NewProxy): Promise<Proxy> {
    const existing = this.#proxies.get(fields.name);
    if (existing !== undefined) {
      if (!(await existing.differs(fields))) return existing;
      existing.stop();
    }
    const proxy = new Proxy(fields.name, fields, this.#context);
    if (fields.enabled) await proxy.start();
    this.#proxies.set(proxy.name, proxy);
    return proxy;
  }
}
