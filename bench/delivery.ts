/** How fast deliveries are judged: ten million of them in columns, each claim in a process of its own. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { checkerNamed } from "../checkers/registry.ts";
import { History } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import type { DeliverySimulation } from "./simulated-deliveries.ts";
import { simulatedDeliveries } from "./simulated-deliveries.ts";
import { printTable } from "./table.ts";

interface Case {
  /** What is claimed, in a word. */
  readonly claim: string;
  readonly checker: string;
  readonly options: { readonly [name: string]: Json };
  readonly simulation: DeliverySimulation;
}

interface Figures {
  readonly ms: number;
  /** What the processor did, on all cores: on a busy machine, clocks show how busy it is. */
  readonly cpuMs: number;
  readonly megabytes: number;
}

const TO_EACH: DeliverySimulation = { messages: 1_000_000, consumers: 10, audience: "each" };
const TO_A_GROUP: DeliverySimulation = { messages: 2_000_000, consumers: 10, audience: "group" };
const PROPERTIES = ["no-loss", "no-loss-connected", "no-loss-unknown-to-app", "no-duplicate", "order", "no-phantom"];
const RECOVERY = { afterFault: "link", boundMs: 1_000, sent: "publish" };

const CASES: readonly Case[] = [
  ...PROPERTIES.map((property) => ({
    claim: property,
    checker: "delivery",
    options: { send: "publish", audience: "each", property },
    simulation: TO_EACH,
  })),
  {
    claim: "subscription",
    checker: "recovery",
    options: { ...RECOVERY, f: ["deliver"], unit: "subscription" },
    simulation: TO_EACH,
  },
  ...["no-loss", "no-duplicate"].map((property) => ({
    claim: property,
    checker: "delivery",
    options: { send: "publish", audience: "group", property },
    simulation: TO_A_GROUP,
  })),
  { claim: "entry", checker: "recovery", options: { ...RECOVERY, f: ["ack"], unit: "entry" }, simulation: TO_A_GROUP },
];

const file = fileURLToPath(import.meta.url);

export async function benchDelivery(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const each of CASES) {
    const child = fork(file, [JSON.stringify(each)]);
    const [figures] = (await once(child, "message")) as [Figures];
    await once(child, "exit");
    const { audience, messages, consumers } = each.simulation;
    rows.push([
      `${each.checker} ${each.claim}`,
      audience,
      (audience === "each" ? messages * consumers : messages).toLocaleString("en"),
      (figures.ms / 1_000).toFixed(1),
      (figures.cpuMs / 1_000).toFixed(1),
      figures.megabytes,
    ]);
  }
  printTable(
    "Deliveries: seconds from columns to the verdict, first call, and memory of the whole process with the history",
    ["claim", "audience", "deliveries", "s", "its CPU s", "MiB"],
    rows,
  );
}

function measure({ checker, options, simulation }: Case): Figures {
  const history = History.ofColumns(simulatedDeliveries(simulation));
  const judge = checkerNamed(checker);
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const { verdict, reason } = judge(history, options);
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  if (verdict !== "holds") throw new Error(`${checker} ${JSON.stringify(options)}: ${verdict}: ${reason}`);
  return { ms, cpuMs: (user + system) / 1_000, megabytes: Math.round(process.resourceUsage().maxRSS / 1_024) };
}

// The process that measures one case.
if (process.argv[1] === file && process.send !== undefined) {
  process.send(measure(JSON.parse(process.argv[2] ?? "") as Case));
  process.disconnect();
}
