/**
 * Loading histories of a million events from files into columns, beside what `JSON.parse` alone takes for the same
 * lines.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, createZstdCompress } from "node:zlib";
import type { Columns } from "../history/columns/columns.ts";
import { loadHistory } from "../history/load.ts";
import type { Json } from "../history/operation.ts";
import { drawFrom } from "./draw.ts";
import { printTable } from "./table.ts";

interface Event {
  readonly index: number;
  readonly time: number;
  readonly process: number;
  readonly type: "invoke" | "ok";
  readonly f: string;
  readonly value: Json;
}

const EVENTS = 1_000_000;
const PROCESSES = 20;
const ROUNDS = 5;

interface Kind {
  readonly name: string;
  readonly edn?: true;
  readonly compress?: () => ReturnType<typeof createGzip> | ReturnType<typeof createZstdCompress>;
  /** What an operation asks. */
  ask(count: number): { readonly f: string; readonly value: Json };
}

const register = (count: number): { f: string; value: Json } =>
  count % 2 === 0
    ? { f: "write", value: [`key ${count % 50}`, count] }
    : { f: "read", value: [`key ${count % 50}`, null] };
const transactions = (count: number): { f: string; value: Json } => ({
  f: "txn",
  value: [
    ["append", count % 50, count],
    ["r", (count * 7) % 50, [count, count + 1, count + 2, count + 3]],
  ],
});
const KINDS: readonly Kind[] = [
  { name: "registers, JSON lines", ask: register },
  { name: "registers, JSON lines, gzip", ask: register, compress: createGzip },
  { name: "registers, JSON lines, Zstandard", ask: register, compress: createZstdCompress },
  { name: "registers, EDN", ask: register, edn: true },
  { name: "transactions, JSON lines", ask: transactions },
  { name: "transactions, EDN", ask: transactions, edn: true },
];

export async function benchLoading(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "redquake-bench-"));
  try {
    const rows: (string | number)[][] = [];
    for (const [number, kind] of KINDS.entries()) {
      const file = join(folder, `${number}.${kind.edn === true ? "edn" : "jsonl"}`);
      const steps = [Readable.from(textOf(kind)), ...(kind.compress === undefined ? [] : [kind.compress()])];
      await pipeline([...steps, createWriteStream(file)]);
      let best = Infinity;
      let columnBytes = 0;
      let peak = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        globalThis.gc?.();
        const before = held();
        const started = performance.now();
        const { columns } = await loadHistory(file, { onProgress: () => (peak = Math.max(peak, held() - before)) });
        best = Math.min(best, performance.now() - started);
        peak = Math.max(peak, held() - before);
        columnBytes = bytesOf(columns);
      }
      const parsing = kind.compress === undefined && kind.edn === undefined ? await parseAlone(file) : undefined;
      rows.push([
        kind.name,
        Math.round(best),
        parsing === undefined ? "" : Math.round(parsing),
        (columnBytes / 1e6).toFixed(0),
        (peak / columnBytes).toFixed(1),
      ]);
    }
    printTable(
      `Loading ${EVENTS.toLocaleString("en")} events, best of ${ROUNDS}`,
      ["history", "ms", "lines and JSON.parse alone, ms", "columns MB", "most memory, times the columns"],
      rows,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the process holds, with what is garbage and not collected yet. */
function held(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function bytesOf({ length, time, process: who, type, f, value, partner, line, tape }: Columns): number {
  const columns = [time, who, type, f, value, partner, line].reduce((sum, each) => sum + (each?.byteLength ?? 0), 0);
  return length === 0 ? 0 : columns + tape.length * Int32Array.BYTES_PER_ELEMENT;
}

async function parseAlone(file: string): Promise<number> {
  const started = performance.now();
  for await (const line of createInterface({ input: createReadStream(file) })) JSON.parse(line);
  return performance.now() - started;
}

function* textOf({ ask, edn }: Kind): Generator<string> {
  const draw = drawFrom(1);
  const open: ({ readonly f: string; readonly value: Json } | undefined)[] = Array.from({ length: PROCESSES });
  let time = 0;
  let piece = "";
  for (let index = 0; index < EVENTS; index += 1) {
    const process = draw(PROCESSES);
    time += 1_000 + draw(5_000);
    const asked = open[process];
    const operation = asked ?? ask(index);
    const event: Event = { index, time, process, type: asked === undefined ? "invoke" : "ok", ...operation };
    open[process] = asked === undefined ? operation : undefined;
    piece += `${edn === true ? ednOf(event) : JSON.stringify(event)}\n`;
    if (piece.length < 1 << 16) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

function ednOf({ index, time, process, type, f, value }: Event): string {
  const written = JSON.stringify(value)
    .replaceAll("null", "nil")
    .replaceAll('"append"', ":append")
    .replaceAll('"r"', ":r");
  return `{:index ${index}, :time ${time}, :process ${process}, :type :${type}, :f :${f}, :value ${written}}`;
}
