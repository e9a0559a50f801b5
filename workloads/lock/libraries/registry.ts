/**
 * All lock libraries that redquake brings adapters for, and how they are named: with their exact version,
 * `redis-semaphore/Mutex@5.8.0`.
 */
import type { ClientLibrary } from "../../clients/client-library.ts";
import type { LockAdapter } from "../adapter.ts";
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

/** The names of all, with the versions that were tried. */
export const LIBRARY_NAMES: readonly string[] = lockLibraries.flatMap(namesOf);

/** The names of those libraries that are used in another way than by their own defaults. */
export const VARIANT_NAMES: ReadonlySet<string> = new Set(
  lockLibraries.filter(({ variant }) => variant !== undefined).flatMap(namesOf),
);

export interface NamedLibrary {
  /** The package to install before the adapter is opened. */
  readonly installed: ClientLibrary;
  readonly adapter: LockAdapter;
}

const REFERENCE = /^(?<name>.+)@(?<version>(?<major>\d+)\.\d+\.\d+(?:-[\w.-]+)?)$/;

/** What `redlock@4.2.0` names; undefined when there is no adapter for that library, or for that major version of it. */
export function libraryNamed(reference: string): NamedLibrary | undefined {
  const { name, version = "", major } = REFERENCE.exec(reference)?.groups ?? {};
  const library = lockLibraries.find(
    (each) => each.name === name && each.tried.some((tried) => tried.split(".")[0] === major),
  );
  if (library === undefined) return undefined;
  const { package: packageName, beside } = library;
  const installed = { name: packageName, version, ...(beside === undefined ? {} : { beside }) };
  return { installed, adapter: { name: reference, ...library.adapter(installed) } };
}

function namesOf({ name, tried }: LockLibrary): string[] {
  return tried.map((version) => `${name}@${version}`);
}
