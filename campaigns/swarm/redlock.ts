import { faultsFor } from "../../nemesis/schedule/catalogue.ts";
import { swarmSchedule } from "../../nemesis/schedule/swarm.ts";
import { campaign, hoped, promised, withoutExpectation } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { DURABLE } from "../declare/durable.ts";
import { KLEPPMANN, LOCK_PAGE } from "../declare/sources.ts";

const CLIENTS = workers("client", 3);
const LOAD_MS = 12_000;
const SYSTEM = { kind: "independent", options: { nodes: 5, config: DURABLE } } as const;

export const swarmRedlock = campaign({
  name: "swarm-redlock",
  title: "Redlock under a swarm of faults",
  description:
    "Every seed draws other faults: of clients, of links, and of at most two of the five servers at a time, which keep their data and their clocks. No client's library may vouch for a lock that another's vouches for.",
  suite: "nightly",
  system: SYSTEM,
  workload: "lock",
  options: { lock: "redlock", ttlMs: 2_000 },
  workers: [...CLIENTS, reader()],
  loadMs: LOAD_MS,
  faults: (random) => {
    const kinds = faultsFor({ system: SYSTEM, clients: CLIENTS.map(({ name }) => name) });
    return swarmSchedule({ kinds, loadMs: LOAD_MS, random });
  },
  claims: [
    promised("belief", "No two clients rightfully hold the lock at the same time.", LOCK_PAGE, "lock-overlap", {
      level: "belief",
    }),
    withoutExpectation(
      hoped("resource", "The lock keeps former holders from writing to the resource.", KLEPPMANN, "lock-resource"),
    ),
  ],
});
