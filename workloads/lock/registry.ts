/**
 * The locks that redquake brings along: references that are right, specimens that are wrong on purpose, and those of
 * other systems to compare. Lock libraries of npm are named with their version (`libraries/registry.ts`).
 */
import { didYouMean } from "../../history/suggest.ts";
import type { ClientLibrary } from "../clients/client-library.ts";
import type { LockAdapter } from "./adapter.ts";
import { etcdLockRpc } from "./comparators/etcd-lock-rpc.ts";
import { etcd } from "./comparators/etcd.ts";
import { zookeeper } from "./comparators/zookeeper.ts";
import { libraryNamed, LIBRARY_NAMES } from "./libraries/registry.ts";
import { specimens } from "./specimens/registry.ts";
import { fencedAcknowledged } from "./locks/fenced-acknowledged.ts";
import { fenced } from "./locks/fenced.ts";
import { redlockFenced } from "./locks/redlock-fenced.ts";
import { redlock } from "./locks/redlock.ts";
import { retracting } from "./locks/retracting.ts";
import { simple } from "./locks/simple.ts";
import { redlockWatched, watched } from "./locks/watched.ts";

const LOCKS: ReadonlyMap<string, LockAdapter> = new Map(
  [
    simple,
    retracting,
    watched,
    fenced,
    fencedAcknowledged,
    redlock,
    redlockFenced,
    redlockWatched,
    ...specimens.map(({ lock }) => lock),
    etcd,
    etcdLockRpc,
    zookeeper,
  ].map((lock) => [lock.name, lock]),
);

/** The names of all; of libraries those with the versions that were tried. */
export const LOCK_NAMES: readonly string[] = [...LOCKS.keys(), ...LIBRARY_NAMES];

export function isLock(name: string): boolean {
  return LOCKS.has(name) || libraryNamed(name) !== undefined;
}

/** @throws TypeError naming the nearest. */
export function lockNamed(name: string): LockAdapter {
  const lock = LOCKS.get(name) ?? libraryNamed(name)?.adapter;
  if (lock === undefined)
    throw new TypeError(
      `there is no lock ${JSON.stringify(name)}${didYouMean(name, LOCK_NAMES)}; docs/adapters.md has the names`,
    );
  return lock;
}

/** What has to be installed before the lock is opened; undefined when nothing has to. */
export function packageOf(name: string): ClientLibrary | undefined {
  return LOCKS.has(name) ? undefined : libraryNamed(name)?.installed;
}
