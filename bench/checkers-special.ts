/** The special cases of linearizability: how long they take, how that grows, and what a violation adds. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Analysis } from "../checkers/analysis.ts";
import { linearizable } from "../checkers/linearizability/check.ts";
import { MODEL_MAKERS } from "../checkers/linearizability/models/index.ts";
import type { Columns } from "../history/columns/columns.ts";
import { TYPE } from "../history/columns/columns.ts";
import type { Json } from "../history/operation.ts";
import { packageRoot } from "../machine/package-root.ts";
import { drawFrom } from "./draw.ts";
import { logLogPlot } from "./log-log-plot.ts";
import { simulatedHistory } from "./simulated-history.ts";
import { simulatedLock } from "./simulated-lock.ts";
import { printTable } from "./table.ts";

const ROUNDS = 7;
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const PLOT = join("docs", "checkers-growth.svg");

interface Kind {
  readonly model: string;
  make(operations: number, processes: number): Columns;
  /** The same history with a violation after nine tenths. */
  makeBroken(operations: number, processes: number): Columns;
}

function registerHistory(operations: number, processes: number): Columns {
  return simulatedHistory<Json>({
    operations,
    processes,
    initial: null,
    draw: drawFrom(11),
    ask: (draw, count) => (draw(2) === 0 ? { f: "read", value: null } : { f: "write", value: count }),
    act: (state, { f, value }) => (f === "read" ? { state, answer: state } : { state: value, answer: value }),
  });
}

/** The elements are kept in one growing list, so that a long queue costs no copies. */
function queueHistory(operations: number, processes: number): Columns {
  const items: Json[] = [];
  return simulatedHistory<number>({
    operations,
    processes,
    initial: 0,
    draw: drawFrom(13),
    ask: (draw, count) => (draw(2) === 0 ? { f: "dequeue", value: null } : { f: "enqueue", value: count }),
    act(head, { f, value }) {
      if (f === "enqueue") {
        items.push(value);
        return { state: head, answer: value };
      }
      return head === items.length ? { state: head, answer: null } : { state: head + 1, answer: items[head] ?? null };
    },
  });
}

function counterHistory(operations: number, processes: number): Columns {
  return simulatedHistory<number>({
    operations,
    processes,
    initial: 0,
    draw: drawFrom(14),
    ask: (draw) => (draw(2) === 0 ? { f: "read", value: null } : { f: "add", value: 1 }),
    act: (sum, { f }) => (f === "read" ? { state: sum, answer: sum } : { state: sum + 1, answer: null }),
  });
}

/** Events that complete an operation of the kind, with an answer; from the share of the history on. */
function completionAfter({ type, names, f, value, tape }: Columns, share: number, wanted: string): number {
  let at = Math.floor(type.length * share);
  while (type[at] !== TYPE.ok || names[f[at] ?? 0] !== wanted || tape.isNull(value[at] ?? 0)) at += 1;
  return at;
}

/** What one operation answered is answered once more, much later. */
function answeredAgain(columns: Columns, f: string): Columns {
  const from = completionAfter(columns, 0.8, f);
  const to = completionAfter(columns, 0.9, f);
  columns.value[to] = columns.value[from] ?? 0;
  return columns;
}

/** Two operations have one another's answers. */
function exchanged(columns: Columns, f: string): Columns {
  const one = completionAfter(columns, 0.8, f);
  const other = completionAfter(columns, 0.9, f);
  [columns.value[one], columns.value[other]] = [columns.value[other] ?? 0, columns.value[one] ?? 0];
  return columns;
}

const LOCK: Omit<Kind, "model"> = {
  make: (operations, processes) => simulatedLock({ operations, processes, draw: drawFrom(15) }),
  makeBroken: (operations, processes) =>
    simulatedLock({ operations, processes, draw: drawFrom(15), givenTwiceAfter: operations * 0.9 }),
};

const KINDS = {
  register: {
    model: "register",
    make: registerHistory,
    makeBroken: (operations, processes) => answeredAgain(registerHistory(operations, processes), "read"),
  },
  mutex: { model: "mutex", ...LOCK },
  "owner-aware mutex": { model: "owner-aware-mutex", ...LOCK },
  "fifo-queue": {
    model: "fifo-queue",
    make: queueHistory,
    makeBroken: (operations, processes) => exchanged(queueHistory(operations, processes), "dequeue"),
  },
  counter: {
    model: "counter",
    make: counterHistory,
    makeBroken: (operations, processes) => answeredAgain(counterHistory(operations, processes), "read"),
  },
} satisfies Readonly<Record<string, Kind>>;

const ROWS: readonly (readonly [name: keyof typeof KINDS, operations: number, processes: number])[] = [
  ["register", 10_000, 20],
  ["register", 100_000, 5],
  ["mutex", 100_000, 5],
  ["owner-aware mutex", 100_000, 5],
  ["counter", 100_000, 5],
  ["fifo-queue", 1_000_000, 5],
];

interface Measured {
  readonly first: number;
  readonly best: number;
  readonly analysis: Analysis;
}

function measure(columns: Columns, model: string): Measured {
  const made = MODEL_MAKERS.get(model)?.({});
  if (made === undefined) throw new Error(`there is no model ${model}`);
  const times: number[] = [];
  let analysis: Analysis | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    analysis = linearizable(columns, made);
    times.push(performance.now() - started);
  }
  if (analysis === undefined) throw new Error("there were no rounds");
  return { first: times[0] ?? 0, best: Math.min(...times), analysis };
}

function mustBe(valid: boolean, { analysis }: Measured, name: string): void {
  if (analysis.valid !== valid) throw new Error(`${name} was judged ${analysis.valid}: ${analysis.reason}`);
}

export async function benchSpecialCases(): Promise<void> {
  const rows = ROWS.map(([name, operations, processes]) => {
    const kind: Kind = KINDS[name];
    const legal = measure(kind.make(operations, processes), kind.model);
    const broken = measure(kind.makeBroken(operations, processes), kind.model);
    mustBe(true, legal, name);
    mustBe(false, broken, name);
    const words = `${name}, ${operations.toLocaleString("en")} operations, ${processes} processes`;
    const times = [legal.first, legal.best, broken.best].map((each) => each.toFixed(1));
    return [words, ...times, broken.analysis.witness.length, legal.analysis.algorithm];
  });
  printTable(
    `Special cases of linearizability, best of ${ROUNDS} in one process, loading not counted`,
    ["history", "first ms", "best ms", "best ms with a violation", "events of its witness", "algorithm"],
    rows,
  );
  await benchGrowth();
}

async function benchGrowth(): Promise<void> {
  const series = Object.entries(KINDS).map(([name, kind]: [string, Kind]) => ({
    name,
    points: SIZES.map((operations) => ({ x: operations, y: measure(kind.make(operations, 5), kind.model).best })),
  }));
  printTable(
    `Special cases of linearizability: milliseconds by operations, 5 processes, best of ${ROUNDS}`,
    ["history", ...SIZES.map((size) => size.toLocaleString("en"))],
    series.map(({ name, points }) => [name, ...points.map(({ y }) => y.toFixed(y < 10 ? 2 : 0))]),
  );
  const title = "Special cases of linearizability: time by length of the history";
  await writeFile(join(packageRoot, PLOT), logLogPlot({ title, x: "operations", y: "milliseconds", series }));
  console.log(`\nThe plot is in ${PLOT}.`);
}
