import { campaign, hoped, promised } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { pausedHolder } from "../declare/paused-holder.ts";
import { JEPSEN_ETCD, KLEPPMANN } from "../declare/sources.ts";

/** What is asked for; a lease lives at least as long as one and a half election timeouts, which is this too. */
const TTL_MS = 2_000;

const PAUSED = {
  suite: "nightly",
  system: { kind: "etcd", options: {} },
  workload: "lock",
  workers: [...workers("client", 3), reader()],
  loadMs: 5_000,
  faults: pausedHolder(TTL_MS),
} as const;

const MUTUAL_EXCLUSION = hoped("grant", "No two clients hold the lock at the same time.", JEPSEN_ETCD, "lock-overlap", {
  level: "grant",
});

export const etcdPausedHolder = campaign({
  ...PAUSED,
  name: "etcd-paused-holder",
  title: "A paused holder of a lock on etcd meets a fence",
  description:
    "The holder is stopped for longer than its lease lives, after it made sure that it holds. etcd gives the lock to another client, as Redis does; but each grant has a revision, and the resource refuses older ones.",
  options: { lock: "etcd3@1.1.2", ttlMs: TTL_MS },
  claims: [
    MUTUAL_EXCLUSION,
    promised(
      "resource",
      "The revision as a fencing token keeps former holders from writing to the resource.",
      KLEPPMANN,
      "lock-resource",
    ),
    promised("token-order", "A later grant has a higher revision.", KLEPPMANN, "lock-token-order"),
  ],
});

export const etcdUnfencedPausedHolder = campaign({
  ...PAUSED,
  name: "etcd-unfenced-paused-holder",
  title: "A paused holder of a lock on etcd, and no fence",
  description: "The same pause as in etcd-paused-holder, at a resource that does not look at the revision.",
  options: { lock: "etcd3@1.1.2", ttlMs: TTL_MS, fenced: false },
  claims: [
    MUTUAL_EXCLUSION,
    hoped(
      "resource",
      "A lock on etcd by itself keeps former holders from writing to the resource.",
      JEPSEN_ETCD,
      "lock-resource",
    ),
  ],
});
