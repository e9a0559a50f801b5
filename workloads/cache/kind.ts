/** Caches as a kind of adapter. */
import type { AdapterKind } from "../adapter/kind.ts";
import type { CacheAdapter } from "./adapter.ts";
import { assertAdapter, CACHE_FACTS } from "./adapter-shape.ts";
import { cacheCommand } from "./command-adapter.ts";
import { caches } from "./registry.ts";

export const cacheKind: AdapterKind<CacheAdapter> = {
  kind: "cache",
  facts: CACHE_FACTS,
  systemsOf: () => ["single", "sentinel"],
  testServers: () => 1,
  shelf: caches,
  assert: assertAdapter,
  command: cacheCommand,
};
