import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { belief } from "../words/levels.ts";

const TTL_MS = 6_000;
const HOLD_MS = 1_500;

export const lockCleanRestart = campaign({
  name: "lock-clean-restart",
  title: "A server is shut down and started again under a lock",
  description:
    "A server that keeps an append-only file is shut down in order while a client holds the lock, and is back before its time to live is over. The lock is still there, and nobody else gets it.",
  suite: "nightly",
  system: { kind: "single", options: { config: ["appendonly yes", "appendfsync everysec"] } },
  workload: "lock",
  options: { lock: "simple", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 5_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "restart",
      kind: "shutdown",
      options: { target: "n1" },
      start: { at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 5), holdMs: HOLD_MS } },
      end: { afterMs: 100 },
    },
  ],
  claims: [belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }, { fromFault: "restart" })],
});
