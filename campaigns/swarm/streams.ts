import type { CheckerOptionsOf } from "../../checkers/registry.ts";
import { faultsFor } from "../../nemesis/schedule/catalogue.ts";
import { swarmSchedule } from "../../nemesis/schedule/swarm.ts";
import { campaign, hoped, promised, withoutExpectation } from "../declare/declare.ts";
import { workers } from "../declare/workers.ts";
import { DURABLE } from "../declare/durable.ts";
import { STREAMS_PAGE } from "../declare/sources.ts";

const CLIENTS = [...workers("producer", 2), ...workers("consumer", 4, 3)];
const LOAD_MS = 12_000;
const MESSAGES = 50;
const SYSTEM = { kind: "single", options: { config: DURABLE } } as const;
const delivery = (property: CheckerOptionsOf<"delivery">["property"]): CheckerOptionsOf<"delivery"> => ({
  send: "add",
  audience: "group",
  property,
  minMessages: MESSAGES,
});

export const swarmStreams = campaign({
  name: "swarm-streams",
  title: "A stream and its consumers under a swarm of faults",
  description:
    "Two producers, four consumers in one group, and faults that every seed draws anew: of clients, of links, and of the server, which keeps its data. What was added is delivered in the end.",
  suite: "nightly",
  system: SYSTEM,
  workload: "stream",
  options: { channel: "orders", everyMs: 8, minIdleMs: 500, workMs: 4 },
  workers: CLIENTS,
  loadMs: LOAD_MS,
  settleMs: 4_000,
  faults: (random) => {
    const kinds = faultsFor({ system: SYSTEM, clients: CLIENTS.map(({ name }) => name) });
    return swarmSchedule({ kinds, loadMs: LOAD_MS, random });
  },
  claims: [
    promised(
      "no-loss",
      "Every entry that was added is delivered to some consumer and acknowledged in the end.",
      STREAMS_PAGE,
      "delivery",
      delivery("no-loss"),
    ),
    promised(
      "no-phantom",
      "No consumer gets an entry that nobody added.",
      STREAMS_PAGE,
      "delivery",
      delivery("no-phantom"),
    ),
    withoutExpectation(
      hoped("no-duplicate", "No entry is delivered twice.", STREAMS_PAGE, "delivery", delivery("no-duplicate")),
    ),
  ],
});
