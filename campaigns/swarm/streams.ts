import { campaign, withoutExpectation } from "../declare/declare.ts";
import { workers } from "../declare/workers.ts";
import { DURABLE } from "../declare/durable.ts";
import { streamClaims } from "../delivery/stream-claims.ts";
import { swarm } from "./swarm.ts";

const CLIENTS = [...workers("producer", 2), ...workers("consumer", 4, 3)];
const { noLoss, noPhantom, noDuplicate } = streamClaims(50);

export const swarmStreams = campaign({
  ...swarm({ system: { kind: "single", options: { config: DURABLE } }, clients: CLIENTS }),
  name: "swarm-streams",
  title: "A stream and its consumers under a swarm of faults",
  description:
    "Two producers, four consumers in one group, and faults that every seed draws anew: of clients, of links, and of the server, which keeps its data. What was added is delivered in the end.",
  workload: "stream",
  options: { channel: "orders", everyMs: 8, minIdleMs: 500, workMs: 4 },
  workers: CLIENTS,
  settleMs: 4_000,
  claims: [noLoss, noPhantom, withoutExpectation(noDuplicate)],
});
