/** All cache libraries that redquake brings adapters for: named with their exact version, `redis@6.3.1`. */
import type { CacheLibrary } from "./library.ts";

export const cacheLibraries: readonly CacheLibrary[] = [];
