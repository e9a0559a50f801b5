import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { belief } from "../words/levels.ts";
import { MAJORITY } from "../words/settings.ts";

/** Long against all the attempts that a library makes to extend. */
const TTL_MS = 6_000;
const STAY_MS = 500;

export const redlockFailedExtension = campaign({
  name: "redlock-failed-extension",
  title: "A lock on a majority cannot be extended",
  description:
    "One of three servers has lost its data and another one answers with errors, so that the holder cannot extend its lock. The third still has it, and with it the holder: for as long as the library says that it holds, nobody else may get it.",
  suite: "nightly",
  system: MAJORITY.system,
  workload: "lock",
  options: { lock: MAJORITY.lock, ttlMs: TTL_MS },
  workers: [...workers("client", 1, 1, { extendAt: "critical-section" }), ...workers("client", 1, 2), reader()],
  loadMs: 5_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "errors",
      kind: "command",
      options: { target: "n3", command: ["REPLICAOF", "127.0.0.1", "1"], undo: ["REPLICAOF", "NO", "ONE"] },
      start: {
        at: { worker: "w1", point: "granted", occurrence: random.integer(2, 4), holdUntilHealed: "forgets" },
      },
      end: { after: { fault: "forgets", stage: "active" }, on: { event: "acquire", worker: "w2" }, afterMs: STAY_MS },
    },
    {
      id: "forgets",
      kind: "command",
      options: { target: "n2", command: ["FLUSHALL"] },
      start: { after: { fault: "errors", stage: "active" }, afterMs: 0 },
      end: { afterMs: 0 },
    },
  ],
  claims: [belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }, { fromFault: "forgets" })],
});
