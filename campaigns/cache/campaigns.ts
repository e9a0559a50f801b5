/** The campaigns of caches: specimens go through the same as references, in lanes of their own. */
import type { CacheCampaign } from "./lanes.ts";
import { cacheReset } from "./lost-connection.ts";
import { cacheDirectWrites, cacheSteady } from "./steady.ts";

export const cacheCampaigns: readonly CacheCampaign[] = [cacheSteady, cacheDirectWrites, cacheReset];
