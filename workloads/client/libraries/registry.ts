/** All client libraries that redquake brings adapters for; they are named with their exact version, `redis@6.3.1`. */
import { ioredis, ioredisSafe } from "./ioredis.ts";
import type { ClientPackage } from "./library.ts";
import { nodeRedis, nodeRedisSafe } from "./node-redis.ts";

export const clientLibraries: readonly ClientPackage[] = [ioredis, nodeRedis, ioredisSafe, nodeRedisSafe];
