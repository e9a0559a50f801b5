/** The locks that redquake brings along: references that are right, specimens that are wrong on purpose, and those of other systems to compare. */
import type { LockAdapter } from "../adapter.ts";
import { etcdLockRpc } from "../comparators/etcd-lock-rpc.ts";
import { etcd } from "../comparators/etcd.ts";
import { zookeeper } from "../comparators/zookeeper.ts";
import { fenced } from "./fenced.ts";
import { plainDelete } from "./plain-delete.ts";
import { redlock } from "./redlock.ts";
import { simple } from "./simple.ts";

const LOCKS: ReadonlyMap<string, LockAdapter> = new Map(
  [simple, plainDelete, fenced, redlock, etcd, etcdLockRpc, zookeeper].map((lock) => [lock.name, lock]),
);

export function lockNamed(name: string): LockAdapter {
  const lock = LOCKS.get(name);
  if (lock === undefined)
    throw new TypeError(`there is no lock ${JSON.stringify(name)}; there are ${[...LOCKS.keys()].join(", ")}`);
  return lock;
}
