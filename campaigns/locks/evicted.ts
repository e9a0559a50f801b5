import { campaign, reader, workers } from "../declare.ts";
import { EVICTION_PAGE } from "../sources.ts";
import { belief } from "./levels.ts";

const TTL_MS = 4_000;
const STAY_MS = 1_500;

export const lockEvicted = campaign({
  name: "lock-evicted",
  title: "The server runs out of memory, and evicts the lock",
  description:
    "The server may evict any key when its memory is used up, and does so while a client holds the lock. A lock is a key like any other.",
  suite: "nightly",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 4_000,
  faults: (random) => [
    {
      id: "evict",
      kind: "evict",
      options: { target: "n1", policy: "allkeys-lru" },
      start: { at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 5), holdMs: STAY_MS } },
      end: { afterMs: 0 },
    },
  ],
  claims: [belief({ standing: "hoped", expect: "broken", source: EVICTION_PAGE }, { fromFault: "evict" })],
});
