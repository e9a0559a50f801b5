/**
 * The caches that redquake brings along: references that are right, and specimens that are wrong on purpose. Cache
 * libraries of npm are named with their version (`libraries/registry.ts`).
 */
import { shelf } from "../adapter/shelf.ts";
import type { Shelf } from "../adapter/shelf.ts";
import type { CacheAdapter } from "./adapter.ts";
import { pubsub } from "./caches/pubsub.ts";
import { tracking } from "./caches/tracking.ts";
import { ttl } from "./caches/ttl.ts";
import { cacheLibraries } from "./libraries/registry.ts";
import { specimens } from "./specimens/registry.ts";

export const caches: Shelf<CacheAdapter> = shelf<CacheAdapter>({
  what: "cache",
  own: [pubsub, tracking, ttl],
  specimens,
  libraries: cacheLibraries,
});
