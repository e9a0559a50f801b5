import { campaign, withoutExpectation } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { DURABLE } from "../declare/durable.ts";
import { KLEPPMANN } from "../declare/sources.ts";
import { FENCE, oneHolder } from "../locks/words/levels.ts";
import { swarm } from "./swarm.ts";

const CLIENTS = workers("client", 3);

export const swarmLockFenced = campaign({
  ...swarm({ system: { kind: "single", options: { config: DURABLE } }, clients: CLIENTS, clocks: true }),
  name: "swarm-lock-fenced",
  title: "A lock with fencing tokens under a swarm of faults",
  description:
    "Every seed draws other faults: of clients, of links, of the server (which keeps its data), and of its wall clock. The lock may be held twice; the resource must not be harmed.",
  workload: "lock",
  options: { lock: "fenced", ttlMs: 1_000, commandTimeoutMs: 1_000 },
  workers: [...CLIENTS, reader()],
  claims: [...FENCE, withoutExpectation(oneHolder(KLEPPMANN))],
});
