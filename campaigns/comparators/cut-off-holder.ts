/** The cut of `locks/holders/cut-off-holder.ts`, under locks of other systems. */
import { hoped } from "../declare/declare.ts";
import { ETCD3_LOST, ZOOKEEPER_SESSIONS } from "../declare/sources.ts";
import { cutOffHolder } from "../locks/holders/cut-off-holder.ts";
import { ETCD, ZOOKEEPER } from "./locks.ts";

/** A server ends what is the holder's after its time to live; etcd's library says so only after twice of it. */
const CUT_OFF = { loadMs: 6_500, silentMs: 3_600, point: "granted" } as const;

export const etcdCutOffHolder = cutOffHolder({
  ...CUT_OFF,
  name: "etcd-cut-off-holder",
  title: "A holder of a lock on etcd is cut off without a word",
  description:
    "The holder's connection falls silent. etcd ends its lease and gives the lock to another client, long before the holder's own library says that the lease is lost.",
  system: { kind: "etcd", options: {} },
  options: ETCD.options,
  claims: [
    hoped(
      "belief",
      "The holder's library says that the lock is lost before another client has it.",
      ETCD3_LOST,
      "lock-overlap",
      { level: "belief" },
    ),
    ...ETCD.fence,
  ],
});

export const zookeeperCutOffHolder = cutOffHolder({
  ...CUT_OFF,
  name: "zookeeper-cut-off-holder",
  title: "A holder of a lock on ZooKeeper is cut off without a word",
  description:
    "The holder's connection falls silent. ZooKeeper ends its session and gives the lock to another client; the holder is told that the session has expired only when it reaches a server again.",
  system: { kind: "zookeeper", options: { nodes: 3 } },
  options: ZOOKEEPER.options,
  claims: [
    hoped(
      "belief",
      "The holder is told that its session has expired before another client has the lock.",
      ZOOKEEPER_SESSIONS,
      "lock-overlap",
      { level: "belief" },
    ),
    ...ZOOKEEPER.fence,
  ],
});
