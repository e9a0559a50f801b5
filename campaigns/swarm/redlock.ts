import { campaign, hoped, promised, withoutExpectation } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { DURABLE } from "../declare/durable.ts";
import { KLEPPMANN, LOCK_PAGE } from "../declare/sources.ts";
import { swarm } from "./swarm.ts";

const CLIENTS = workers("client", 3);

export const swarmRedlock = campaign({
  ...swarm({ system: { kind: "independent", options: { nodes: 5, config: DURABLE } }, clients: CLIENTS }),
  name: "swarm-redlock",
  title: "Redlock under a swarm of faults",
  description:
    "Every seed draws other faults: of clients, of links, and of at most two of the five servers at a time, which keep their data and their clocks. No client's library may vouch for a lock that another's vouches for.",
  workload: "lock",
  options: { lock: "redlock", ttlMs: 2_000 },
  workers: [...CLIENTS, reader()],
  claims: [
    promised("belief", "No two clients rightfully hold the lock at the same time.", LOCK_PAGE, "lock-overlap", {
      level: "belief",
    }),
    withoutExpectation(
      hoped("resource", "The lock keeps former holders from writing to the resource.", KLEPPMANN, "lock-resource"),
    ),
  ],
});
