/** All libraries that redquake brings adapters of leader elections for. */
import type { LeaderLibrary } from "./library.ts";
import { redisLeader } from "./redis-leader.ts";
import { redlockLeader } from "./redlock-leader.ts";
import { safeRedisLeader, tsSafeRedisLeader } from "./safe-redis-leader.ts";

export const leaderLibraries: readonly LeaderLibrary[] = [
  redisLeader,
  safeRedisLeader,
  tsSafeRedisLeader,
  redlockLeader,
];
