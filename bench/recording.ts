/** What recording costs: the register workload against one Redis, recorded, and the same loop without redquake. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Endpoint } from "../network/link.ts";
import { packageRoot } from "../machine/package-root.ts";
import { systemOf } from "../systems/registry.ts";
import { WorkerProcess } from "../runner/worker-process.ts";
import { openHost } from "../runner/equipment/open-host.ts";
import { printTable } from "./table.ts";

/** Long enough for compilation to be over early. */
const SECONDS = 8;
const ROUNDS = 2;

export async function benchRecording(): Promise<void> {
  await using test = await openHost({ host: "process", redis: undefined, say: () => undefined });
  const system = systemOf({ kind: "single", options: {} });
  const nodes = await test.host.allocate(system.specs);
  await system.start(nodes);
  const [node] = nodes;
  if (node === undefined) throw new Error("no server");
  const rows: (string | number)[][] = [];
  for (const workers of [2, 4, 8]) {
    let bare = 0;
    let recorded = 0;
    // In turns, and the best of each: so that a moment in which the machine was busy hits neither side alone.
    for (let round = 0; round < ROUNDS; round += 1) {
      bare = Math.max(bare, await bareRate(node.address, workers));
      recorded = Math.max(recorded, await recordedRate(node.address, workers, test.folder, `${workers}-${round}`));
    }
    rows.push([workers, Math.round(bare), Math.round(recorded), `${((1 - recorded / bare) * 100).toFixed(1)} %`]);
  }
  printTable(
    "Recording: register operations per second against one Redis",
    ["workers", "bare loop", "recorded", "cost"],
    rows,
  );
}

async function bareRate(address: Endpoint, workers: number): Promise<number> {
  const entry = join(packageRoot, "bench", "bare-client.ts");
  const clients = Array.from({ length: workers }, (_, i) => fork(entry, [String(address.port), `w${i + 1}`]));
  await Promise.all(clients.map((client) => once(client, "message")));
  for (const client of clients) client.send("load");
  await delay(SECONDS * 1_000);
  const counts = clients.map((client) => once(client, "message"));
  for (const client of clients) client.send("end");
  return (await Promise.all(counts)).reduce((sum, [count]) => sum + Number(count), 0) / SECONDS;
}

async function recordedRate(address: Endpoint, workers: number, folder: string, name: string): Promise<number> {
  const origin = process.hrtime.bigint();
  const clients = Array.from(
    { length: workers },
    (_, i) =>
      new WorkerProcess({
        name: `w${i + 1}`,
        environment: {},
        note: () => undefined,
        logFile: join(folder, `w${i + 1}.log`),
        shim: undefined,
      }),
  );
  await Promise.all(
    clients.map((client, i) =>
      client.setUp({
        worker: client.name,
        modules: [],
        workload: "register",
        role: "client",
        options: { keys: [`register:${client.name}`], everyMs: 0 },
        profile: "raw",
        system: "single",
        seed: i + 1,
        firstProcess: i,
        processStep: workers,
        nodes: [{ name: "n1", kind: "redis", announced: address, proxied: address }],
        resource: address,
        historyFile: join(folder, `history-${name}.jsonl`),
        origin: String(origin),
      }),
    ),
  );
  for (const client of clients) client.send({ kind: "load" });
  await delay(SECONDS * 1_000);
  for (const client of clients) client.send({ kind: "end-load" });
  await Promise.all(clients.map((client) => client.ended));
  return clients.reduce((sum, client) => sum + client.operations.ok, 0) / SECONDS;
}
