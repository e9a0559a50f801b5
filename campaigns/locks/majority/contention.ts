import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { belief, progress } from "../words/levels.ts";
import { MAJORITY } from "../words/settings.ts";

const TTL_MS = 3_000;
const LATENCY_MS = 60;
const BOUND_MS = 4_000;
const FAR = [1, 2, 3];

export const redlockContention = campaign({
  name: "redlock-contention",
  title: "Clients that each have another server far away",
  description:
    "Three clients contend for the lock, and each has a long way to another one of the three servers, so that each gets some of them first. Nobody has a majority then: a client that gives back at once what it got lets another one have it.",
  suite: "nightly",
  system: MAJORITY.system,
  workload: "lock",
  options: { lock: MAJORITY.lock, ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  // Whether one client hangs or all wait, a busy machine needs time to show it.
  loadMs: 16_000,
  faults: () =>
    FAR.map((i) => ({
      id: `far-${i}`,
      kind: "link",
      options: { from: `w${i}`, to: `n${i}`, how: "latency", latencyMs: LATENCY_MS },
      start: { afterMs: 0 },
    })),
  claims: [
    progress({ standing: "promised", expect: "holds", source: LOCK_PAGE }, BOUND_MS, {
      despite: FAR.map((i) => `far-${i}`),
    }),
    belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
  ],
});
