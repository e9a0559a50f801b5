/**
 * A cache of copies: what is asked for is fetched and kept while changes are heard of. When they may be missed, it is
 * emptied, says that it is not fresh, and asks the store each time.
 */
import type { CacheClient } from "../adapter.ts";
import type { Copies } from "./copies.ts";
import type { Source } from "./source.ts";

export interface CopiedCacheParts {
  readonly copies: Copies;
  readonly source: Source;
  readonly fetch: (key: string) => Promise<string | null>;
  readonly set: (key: string, value: string) => Promise<unknown>;
  readonly invalidate: (key: string) => Promise<unknown>;
  /** It relies on its copies whatever it hears of the source. */
  readonly alwaysFresh?: boolean;
}

export function copiedCache({
  copies,
  source,
  fetch,
  set,
  invalidate,
  alwaysFresh = false,
}: CopiedCacheParts): CacheClient {
  const isFresh = (): boolean => alwaysFresh || source.isInForce;
  return {
    async get(key) {
      const copy = isFresh() ? copies.get(key) : undefined;
      if (copy !== undefined) return copy;
      const begun = copies.begin(key);
      // Nobody is told of what was read before the source was in force.
      if (!isFresh()) begun.isGood = false;
      try {
        const value = await fetch(key);
        copies.settle(begun, value);
        return value;
      } finally {
        copies.end(begun);
      }
    },
    set,
    invalidate,
    isFresh,
    close: () => Promise.resolve(source.end()),
  };
}
