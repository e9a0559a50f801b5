/**
 * How fast transactions are judged: histories in the manner of Elle's own generator, from a simulated database, judged
 * in a process of their own.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { listAppend } from "../checkers/elle/list-append.ts";
import { rwRegister } from "../checkers/elle/rw-register.ts";
import type { Isolation } from "./transactions.ts";
import { generateTransactions } from "./transactions.ts";
import { printTable } from "./table.ts";

interface Case {
  readonly model: "list-append" | "rw-register";
  readonly transactions: number;
  readonly isolation: Isolation;
}

interface Figures {
  readonly valid: boolean | "unknown";
  readonly found: string;
  readonly first: number;
  /** What the processor did in the first call, on all cores: on a busy machine, clocks show how busy it is. */
  readonly firstCpu: number;
  readonly best: number;
  readonly megabytes: number;
}

const CASES: readonly Case[] = [
  { model: "list-append", transactions: 1_000, isolation: "serializable" },
  { model: "list-append", transactions: 10_000, isolation: "serializable" },
  { model: "list-append", transactions: 100_000, isolation: "serializable" },
  { model: "list-append", transactions: 1_000_000, isolation: "serializable" },
  { model: "list-append", transactions: 100_000, isolation: "snapshot" },
  { model: "rw-register", transactions: 1_000, isolation: "serializable" },
  { model: "rw-register", transactions: 10_000, isolation: "serializable" },
  { model: "rw-register", transactions: 100_000, isolation: "serializable" },
  { model: "rw-register", transactions: 1_000_000, isolation: "serializable" },
  { model: "rw-register", transactions: 100_000, isolation: "snapshot" },
];

/** More often where it is quick. */
const ROUNDS = 5;
const file = fileURLToPath(import.meta.url);

export async function benchElle(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const each of CASES) {
    const child = fork(file, [JSON.stringify(each)]);
    const [figures] = (await once(child, "message")) as [Figures];
    await once(child, "exit");
    rows.push([
      each.model,
      each.transactions,
      each.isolation,
      String(figures.valid),
      figures.found,
      Math.round(figures.first),
      Math.round(figures.firstCpu),
      Math.round(figures.best),
      figures.megabytes,
    ]);
  }
  printTable(
    "Transactions, strict-serializable asked for: milliseconds, and memory of the whole process with the history",
    ["model", "transactions", "database", "valid", "found", "first call", "its CPU", "best", "MiB"],
    rows,
  );
}

function measure({ model, transactions, isolation }: Case): Figures {
  const columns = generateTransactions({ sort: model, transactions, isolation, concurrency: 20, seed: 1 });
  const analyze = model === "list-append" ? listAppend : rwRegister;
  const times: number[] = [];
  let firstCpu = NaN;
  let last = "";
  let valid: boolean | "unknown" = "unknown";
  for (let round = 0; round < (transactions > 100_000 ? 2 : ROUNDS); round += 1) {
    const started = performance.now();
    const used = process.cpuUsage();
    const found = analyze(columns, {});
    times.push(performance.now() - started);
    const { user, system } = process.cpuUsage(used);
    if (round === 0) firstCpu = (user + system) / 1_000;
    valid = found.valid;
    last = Object.keys(found.counts).join(" ");
  }
  return {
    valid,
    found: last,
    first: times[0] ?? NaN,
    firstCpu,
    best: Math.min(...times),
    megabytes: Math.round(process.resourceUsage().maxRSS / 1_024),
  };
}

// The process that measures one case.
if (process.argv[1] === file && process.send !== undefined) {
  process.send(measure(JSON.parse(process.argv[2] ?? "") as Case));
  process.disconnect();
}
