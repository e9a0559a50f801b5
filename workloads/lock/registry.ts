/**
 * The locks that redquake brings along: references that are right, specimens that are wrong on purpose, and those of
 * other systems to compare. Lock libraries of npm are named with their version (`libraries/registry.ts`).
 */
import { shelf } from "../adapter/shelf.ts";
import type { Shelf } from "../adapter/shelf.ts";
import type { LockAdapter } from "./adapter.ts";
import { etcdLockRpc } from "./comparators/etcd-lock-rpc.ts";
import { etcd } from "./comparators/etcd.ts";
import { zookeeper } from "./comparators/zookeeper.ts";
import { lockLibraries } from "./libraries/registry.ts";
import { specimens } from "./specimens/registry.ts";
import { fencedAcknowledged } from "./locks/fenced-acknowledged.ts";
import { fenced } from "./locks/fenced.ts";
import { redlockFenced } from "./locks/redlock-fenced.ts";
import { redlock } from "./locks/redlock.ts";
import { retracting } from "./locks/retracting.ts";
import { simple } from "./locks/simple.ts";
import { redlockWatched, watched } from "./locks/watched.ts";

export const locks: Shelf<LockAdapter> = shelf<LockAdapter>({
  what: "lock",
  own: [
    simple,
    retracting,
    watched,
    fenced,
    fencedAcknowledged,
    redlock,
    redlockFenced,
    redlockWatched,
    etcd,
    etcdLockRpc,
    zookeeper,
  ],
  specimens: specimens.map(({ lock, flaw }) => ({ adapter: lock, flaw })),
  libraries: lockLibraries,
});
