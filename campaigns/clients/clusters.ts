/** Whether clients of a Cluster follow its slots. */
import type { DeclaredFault } from "../declare/declare.ts";
import { atomic, noDuplicate, once, recovers, settles } from "./claims.ts";
import { clientCampaign } from "./lanes.ts";

const CLUSTER = { kind: "cluster", options: {} } as const;
const RECONNECT_MS = 6_000;

/**
 * A plain read a second is all that is different: a client that learns of moved slots by plain commands only has
 * learnt of them then.
 */
export const [clientClusterTransactions, clientClusterTransactionsAndReads] = ([false, true] as const).map((reads) =>
  clientCampaign({
    name: reads ? "client-cluster-transactions-and-reads" : "client-cluster-transactions",
    title: reads
      ? "A client of a Cluster sends transactions and a few reads through a failover"
      : "A client of a Cluster sends transactions only through a failover",
    description: reads
      ? "As client-cluster-transactions, but the client also reads something once a second."
      : "A replica takes over from its primary while a client sends nothing but transactions. The former primary refuses them with MOVED: the client must learn of the new one by that, for it sends nothing else.",
    system: CLUSTER,
    clients: ["raw", "never-follows"],
    options: { load: "transactions", size: 2, everyMs: 10, ...(reads ? { lookEveryMs: 300 } : {}) },
    loadMs: 12_500,
    settleMs: 500,
    sharedFaults: (random): readonly DeclaredFault[] => [
      {
        id: "failover",
        kind: "cluster-failover",
        options: { target: "n4" },
        start: { afterMs: random.integer(800, 1_200) },
        end: { afterMs: 0 },
      },
    ],
    claims: () => [
      noDuplicate(),
      atomic(),
      settles(),
      recovers({ afterFault: "failover", boundMs: RECONNECT_MS, from: "injection" }, { brokenBy: ["never-follows"] }),
    ],
  }),
) as [ReturnType<typeof clientCampaign>, ReturnType<typeof clientCampaign>];

export const clientSlotMigration = clientCampaign({
  name: "client-slot-migration",
  title: "Slots of a Cluster move under pipelines",
  description:
    "A client sends pipelines, and slots that it writes to move to another primary: one as a whole, and one that stays between two for a while. Nothing that succeeded may be missing or there twice, and every key must be served again.",
  system: CLUSTER,
  clients: ["raw", "never-follows"],
  // Two keys in each slot: one of them stays behind when a migration stops half-way.
  options: { load: "pipelines", size: 10, everyMs: 10, commands: ["RPUSH", "XADD"] },
  loadMs: 11_500,
  settleMs: 500,
  sharedFaults: (random): readonly DeclaredFault[] => [
    {
      id: "whole",
      kind: "slot-migration",
      options: { key: "{a}" },
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: 300 },
    },
    {
      id: "half",
      kind: "slot-migration",
      options: { key: "{b}", stop: "half" },
      start: { after: { fault: "whole", stage: "healed" }, afterMs: random.integer(100, 300) },
      end: { afterMs: random.integer(800, 1_200) },
    },
  ],
  claims: () => [
    once(),
    noDuplicate(),
    settles(),
    recovers({ afterFault: "half", boundMs: RECONNECT_MS }, { brokenBy: ["never-follows"] }),
  ],
});
