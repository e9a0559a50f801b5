/** The campaigns of caches: specimens go through the same as references, in lanes of their own. */
import { cacheCrashedWriter } from "./crashed-writer.ts";
import type { CacheCampaign } from "./lanes.ts";
import { cacheClientKill, cacheDropped, cacheReset, cacheSubscribersKilled } from "./lost-connection.ts";
import { cacheAmnesia, cacheFailover, cacheRestart } from "./servers.ts";
import { cacheHeld, cacheOneWay, cachePausedUser, cacheSlowLinks } from "./silence.ts";
import { cacheDirectWrites, cacheSteady } from "./steady.ts";

export const cacheCampaigns: readonly CacheCampaign[] = [
  cacheSteady,
  cacheReset,
  cacheDirectWrites,
  cacheDropped,
  cacheClientKill,
  cacheSubscribersKilled,
  cacheHeld,
  cacheOneWay,
  cachePausedUser,
  cacheSlowLinks,
  cacheRestart,
  cacheAmnesia,
  cacheFailover,
  cacheCrashedWriter,
];
