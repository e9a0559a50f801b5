/**
 * All lock libraries that redquake brings adapters for, and how they are named: with their exact version,
 * `redis-semaphore/Mutex@5.8.0`.
 */
import { bullmqJobLock } from "./bullmq.ts";
import { ioredisLock } from "./ioredis-lock.ts";
import type { LockLibrary } from "./library.ts";
import { nodeRedisWarlock } from "./node-redis-warlock.ts";
import { redisLock } from "./redis-lock.ts";
import { redisMutex, redisRedlockMutex, redisSemaphore } from "./redis-semaphore.ts";
import { redisMutexRun } from "./redis-mutex.ts";
import { redlock4, redlock4Once } from "./redlock-4.ts";
import { redlock5, redlock5Once, redlock5Using, sesamecareRedlock, sesamecareRedlockUsing } from "./redlock-5.ts";
import {
  redlockUniversal,
  redlockUniversalQuorumOne,
  redlockUniversalTimeout,
  redlockUniversalUsing,
} from "./redlock-universal.ts";
import { simpleRedisMutex } from "./simple-redis-mutex.ts";

export const lockLibraries: readonly LockLibrary[] = [
  redlock4,
  redlock5,
  sesamecareRedlock,
  redlockUniversal,
  redisMutex,
  redisRedlockMutex,
  redisSemaphore,
  simpleRedisMutex,
  redisLock,
  nodeRedisWarlock,
  ioredisLock,
  bullmqJobLock,
  redisMutexRun,
  redlock4Once,
  redlock5Once,
  redlock5Using,
  sesamecareRedlockUsing,
  redlockUniversalUsing,
  redlockUniversalQuorumOne,
  redlockUniversalTimeout,
];
