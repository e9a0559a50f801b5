import { faultsFor } from "../../nemesis/schedule/catalogue.ts";
import { swarmSchedule } from "../../nemesis/schedule/swarm.ts";
import { campaign, withoutExpectation } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { DURABLE } from "../declare/durable.ts";
import { KLEPPMANN } from "../declare/sources.ts";
import { FENCE, oneHolder } from "../locks/words/levels.ts";

const CLIENTS = workers("client", 3);
const LOAD_MS = 12_000;
const SYSTEM = { kind: "single", options: { config: DURABLE } } as const;

export const swarmLockFenced = campaign({
  name: "swarm-lock-fenced",
  title: "A lock with fencing tokens under a swarm of faults",
  description:
    "Every seed draws other faults: of clients, of links, of the server (which keeps its data), and of its wall clock. The lock may be held twice; the resource must not be harmed.",
  suite: "nightly",
  system: SYSTEM,
  workload: "lock",
  options: { lock: "fenced", ttlMs: 1_000, commandTimeoutMs: 1_000 },
  workers: [...CLIENTS, reader()],
  loadMs: LOAD_MS,
  faults: (random) => {
    const kinds = faultsFor({ system: SYSTEM, clients: CLIENTS.map(({ name }) => name), clocks: true });
    return swarmSchedule({ kinds, loadMs: LOAD_MS, random });
  },
  claims: [...FENCE, withoutExpectation(oneHolder(KLEPPMANN))],
});
