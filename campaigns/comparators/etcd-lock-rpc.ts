import type { DeclaredFault } from "../declare/declare.ts";
import { campaign, hoped } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { ETCD_LOCK_EXPIRED } from "../declare/sources.ts";

/** The time to live of the leases of clients that wait. */
const TTL_MS = 2_000;
/** The time to live of the holder's lease, which outlives the pause. */
const LONG_TTL_MS = 8_000;
/** Two waiting leases are over by then. */
const PAUSE_MS = 4_500;
const STAY_MS = 500;

export const etcdLockRpc = campaign({
  name: "etcd-lock-rpc",
  title: "A lock on etcd is granted to those whose leases are over",
  description:
    "Clients wait for etcd's own lock, behind a holder that rightfully has it, for longer than their leases live. In etcd before 3.5 the call then succeeds for all of them at once.",
  suite: "nightly",
  system: { kind: "etcd", options: {} },
  workload: "lock",
  options: { lock: "etcd-lock-rpc", ttlMs: TTL_MS, thinkMs: 6 },
  workers: [...workers("client", 1, 1, { ttlMs: LONG_TTL_MS }), ...workers("client", 2, 2), reader()],
  loadMs: 6_500,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "pause",
      kind: "pause",
      options: { target: "w1" },
      start: { at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 4) } },
      end: { afterMs: PAUSE_MS },
    },
    ...["w2", "w3"].map((target): DeclaredFault => ({
      id: `stay-${target}`,
      kind: "pause",
      options: { target },
      // Neither has let go of what it was granted before the other's call has succeeded.
      start: { after: { fault: "pause", stage: "active" }, at: { worker: target, point: "granted" } },
      end: { afterMs: STAY_MS },
    })),
  ],
  claims: [
    hoped(
      "grant",
      "No two clients whose calls of Lock succeeded hold the lock at the same time.",
      ETCD_LOCK_EXPIRED,
      "lock-overlap",
      { level: "grant", fromFault: "pause" },
    ),
  ],
});
