/** A cache in any language: what its process is asked, and what it answers. */
import { z } from "zod";
import type { AdapterEnvironment } from "../adapter/adapter.ts";
import { ANYTHING } from "../adapter/json-lines.ts";
import type { JsonLines } from "../adapter/json-lines.ts";
import type { CacheAdapter, CacheClient } from "./adapter.ts";
import { CACHE_FACTS } from "./adapter-shape.ts";

const DESCRIPTION = CACHE_FACTS.extend({
  /** It answers `fresh`. */
  fresh: z.boolean().default(false),
});

/** Without `value` it has no copy and does not ask the store. */
const VALUE = z.looseObject({ value: z.string().nullish() });
const FRESH = z.looseObject({ fresh: z.boolean() });

/**
 * @param describes what its process said of itself, read by a schema
 * @param next the process of the next client
 */
export function cacheCommand(
  describes: (shape: typeof DESCRIPTION) => z.infer<typeof DESCRIPTION>,
  next: () => JsonLines,
): CacheAdapter {
  const { fresh, ...facts } = describes(DESCRIPTION);
  return { ...facts, open: (environment) => openCommand(next(), fresh, environment) } as CacheAdapter;
}

async function openCommand(lines: JsonLines, fresh: boolean, environment: AdapterEnvironment): Promise<CacheClient> {
  const { system, endpoints, masterName, clientId, random } = environment;
  const seed = random.integer(0, 2 ** 31 - 1);
  await lines.ask("open", { system, endpoints, masterName, clientId, seed }, ANYTHING);
  return {
    get: async (key) => (await lines.ask("get", { key }, VALUE)).value,
    set: (key, value) => lines.ask("set", { key, value }, ANYTHING),
    invalidate: (key) => lines.ask("invalidate", { key }, ANYTHING),
    ...(fresh ? { isFresh: async (key: string) => (await lines.ask("fresh", { key }, FRESH)).fresh } : {}),
    async close() {
      await lines.ask("close", {}, ANYTHING);
      await lines.end();
    },
  };
}
