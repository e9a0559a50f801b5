/** The pause of `locks/holders/paused-holder.ts`, under locks of other systems: their grants have a fence built in. */
import { hoped } from "../declare/declare.ts";
import { JEPSEN_ETCD, KLEPPMANN } from "../declare/sources.ts";
import { pausedHolder } from "../locks/holders/paused-holder.ts";
import { oneHolder } from "../locks/words/levels.ts";
import { ETCD, ZOOKEEPER } from "./locks.ts";

const ON_ETCD = { suite: "nightly", system: { kind: "etcd", options: {} }, loadMs: 5_000 } as const;

export const etcdPausedHolder = pausedHolder({
  ...ON_ETCD,
  name: "etcd-paused-holder",
  title: "A paused holder of a lock on etcd meets a fence",
  description:
    "The holder is stopped for longer than its lease lives, after it made sure that it holds. etcd gives the lock to another client, as Redis does; but each grant has a revision, and the resource refuses older ones.",
  options: ETCD.options,
  claims: [oneHolder(JEPSEN_ETCD), ...ETCD.fence],
});

export const etcdUnfencedPausedHolder = pausedHolder({
  ...ON_ETCD,
  name: "etcd-unfenced-paused-holder",
  title: "A paused holder of a lock on etcd, and no fence",
  description: "The same pause as in etcd-paused-holder, at a resource that does not look at the revision.",
  options: { ...ETCD.options, fenced: false },
  claims: [
    oneHolder(JEPSEN_ETCD),
    hoped(
      "resource",
      "A lock on etcd by itself keeps former holders from writing to the resource.",
      JEPSEN_ETCD,
      "lock-resource",
    ),
  ],
});

export const zookeeperPausedHolder = pausedHolder({
  name: "zookeeper-paused-holder",
  title: "A paused holder of a lock on ZooKeeper meets a fence",
  description:
    "The holder is stopped for longer than its session lives, after it made sure that it holds. ZooKeeper gives the lock to the next in the queue; but each grant has the id of a transaction, and the resource refuses older ones.",
  suite: "nightly",
  system: { kind: "zookeeper", options: {} },
  options: ZOOKEEPER.options,
  loadMs: 5_000,
  claims: [oneHolder(KLEPPMANN), ...ZOOKEEPER.fence],
});
