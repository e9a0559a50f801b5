/** The cache libraries that redquake brings adapters for, such as `redis/client-side-cache@6.3.1`. */
import { bentocache } from "./bentocache.ts";
import type { CacheLibrary } from "./library.ts";
import { nodeRedisCache } from "./node-redis.ts";

export const cacheLibraries: readonly CacheLibrary[] = [nodeRedisCache, bentocache];
