/** Copies of what the store has, and what is on its way from there. */

/** A value that the store was asked for. */
export interface Fetch {
  readonly key: string;
  /** False once it may be older than what the cache was told since. */
  isGood: boolean;
}

export class Copies {
  readonly #copies = new Map<string, string | null>();
  readonly #fetches = new Map<string, Set<Fetch>>();
  readonly #spoilsFetches: boolean;

  /** @param spoilsFetches whether what is on its way is given up when its key is invalidated */
  constructor({ spoilsFetches = true }: { readonly spoilsFetches?: boolean } = {}) {
    this.#spoilsFetches = spoilsFetches;
  }

  /** Undefined where there is none. */
  get(key: string): string | null | undefined {
    return this.#copies.get(key);
  }

  /** To be called before the store is asked. */
  begin(key: string): Fetch {
    const fetch = { key, isGood: true };
    const fetches = this.#fetches.get(key) ?? new Set();
    this.#fetches.set(key, fetches.add(fetch));
    return fetch;
  }

  /** Keeps what the store has answered, where nothing was heard against it meanwhile. */
  settle(fetch: Fetch, value: string | null): void {
    if (fetch.isGood) this.#copies.set(fetch.key, value);
    this.end(fetch);
  }

  /** The store was asked in vain, or its answer may not be kept. */
  end(fetch: Fetch): void {
    const fetches = this.#fetches.get(fetch.key);
    fetches?.delete(fetch);
    if (fetches?.size === 0) this.#fetches.delete(fetch.key);
  }

  invalidate(key: string): void {
    this.#copies.delete(key);
    if (this.#spoilsFetches) for (const fetch of this.#fetches.get(key) ?? []) fetch.isGood = false;
  }

  clear(): void {
    this.#copies.clear();
    for (const fetches of this.#fetches.values()) for (const fetch of fetches) fetch.isGood = false;
  }
}
