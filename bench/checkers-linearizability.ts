/** The general search for linearizability: crowded histories over few values, crashed operations, and texts by key. */
import type { Analysis } from "../checkers/analysis.ts";
import { linearizable } from "../checkers/linearizability/check.ts";
import { MODEL_MAKERS } from "../checkers/linearizability/models/index.ts";
import type { Columns } from "../history/columns/columns.ts";
import { TYPE } from "../history/columns/columns.ts";
import type { Json } from "../history/operation.ts";
import { crowdedTexts } from "./crowded-texts.ts";
import { drawFrom } from "./draw.ts";
import { simulatedHistory } from "./simulated-history.ts";
import { printTable } from "./table.ts";

const ROUNDS = 5;

interface RegisterLoad {
  readonly operations: number;
  readonly processes: number;
  /** How many values there are. */
  readonly values: number;
  readonly fs: readonly string[];
  readonly crashOneIn?: number;
  readonly seed: number;
}

function registerHistory({ operations, processes, values, fs, crashOneIn = 0, seed }: RegisterLoad): Columns {
  return simulatedHistory<Json>({
    operations,
    processes,
    initial: null,
    crashOneIn,
    draw: drawFrom(seed),
    ask(draw) {
      const f = fs[draw(fs.length)] ?? "read";
      if (f === "read") return { f, value: null };
      return { f, value: f === "write" ? draw(values) : [draw(values), draw(values)] };
    },
    act(state, { f, value }) {
      if (f === "read") return { state, answer: state };
      if (f === "write") return { state: value, answer: value };
      const [old, next = null] = value as readonly Json[];
      return old === state ? { state: next, answer: value } : null;
    },
  });
}

function textHistory(operations: number, clients: number, keys: number, seed: number): Columns {
  return simulatedHistory<{ readonly [key: string]: string }>({
    operations,
    processes: clients,
    initial: {},
    draw: drawFrom(seed),
    ask(draw, count) {
      const key = `k${draw(keys)}`;
      const chance = draw(100);
      if (chance === 0) return { f: "put", value: [key, `p${count} `] };
      return chance % 2 === 0 ? { f: "get", value: [key, null] } : { f: "append", value: [key, `x ${count} y`] };
    },
    act(texts, { f, value }) {
      const [key, text] = value as readonly [string, string];
      const held = texts[key] ?? "";
      if (f === "get") return { state: texts, answer: [key, held] };
      return { state: { ...texts, [key]: f === "put" ? text : held + text }, answer: value };
    },
  });
}

/** The same history with one late read that found a value which nobody ever wrote. */
function withImpossibleRead(columns: Columns): Columns {
  let at = Math.floor(columns.length * 0.9);
  while (columns.type[at] !== TYPE.ok || columns.names[columns.f[at] ?? 0] !== "read") at += 1;
  columns.value[at] = columns.tape.append(-1);
  return columns;
}

const READS_AND_WRITES = ["read", "write"];
const WITH_CAS = ["read", "write", "cas"];

const ROWS: readonly (readonly [name: string, model: string, make: () => Columns])[] = [
  [
    "register, 5 values, 1,000 operations, 20 processes",
    "register",
    () => registerHistory({ operations: 1_000, processes: 20, values: 5, fs: READS_AND_WRITES, seed: 1 }),
  ],
  [
    "the same, with an impossible read",
    "register",
    () =>
      withImpossibleRead(
        registerHistory({ operations: 1_000, processes: 20, values: 5, fs: READS_AND_WRITES, seed: 1 }),
      ),
  ],
  [
    "cas-register, 5 values, 1,000 operations, 20 processes",
    "cas-register",
    () => registerHistory({ operations: 1_000, processes: 20, values: 5, fs: WITH_CAS, seed: 2 }),
  ],
  [
    "cas-register, 5 values, 10,000 operations, 10 processes, every tenth crashes",
    "cas-register",
    () => registerHistory({ operations: 10_000, processes: 10, values: 5, fs: WITH_CAS, crashOneIn: 10, seed: 4 }),
  ],
  [
    "the same, with an impossible read",
    "cas-register",
    () =>
      withImpossibleRead(
        registerHistory({ operations: 10_000, processes: 10, values: 5, fs: WITH_CAS, crashOneIn: 10, seed: 4 }),
      ),
  ],
  [
    "cas-register, 1,000 values, 10,000 operations, 5 processes, every tenth crashes",
    "cas-register",
    () => registerHistory({ operations: 10_000, processes: 5, values: 1_000, fs: WITH_CAS, crashOneIn: 10, seed: 5 }),
  ],
  [
    "register, unique values, 10,000 operations, 20 processes",
    "register",
    () => registerHistory({ operations: 10_000, processes: 20, values: 2 ** 30, fs: READS_AND_WRITES, seed: 6 }),
  ],
  ["key-value, 10,000 operations, 50 clients, 10 keys", "key-value", () => textHistory(10_000, 50, 10, 8)],
  [
    "key-value, 2,024 operations, 50 clients, 10 keys, most open for long, with an impossible get",
    "key-value",
    () => crowdedTexts({ operations: 2_024, clients: 50, keys: 10, seed: 1 }),
  ],
];

/** Milliseconds of the best round, and the verdict. */
function best(columns: Columns, model: string): [number, Analysis["valid"]] {
  const made = MODEL_MAKERS.get(model)?.({});
  if (made === undefined) throw new Error(`there is no model ${model}`);
  let least = Infinity;
  let valid: Analysis["valid"] = "unknown";
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    ({ valid } = linearizable(columns, made, { searchOnly: true }));
    least = Math.min(least, performance.now() - started);
  }
  return [least, valid];
}

export function benchLinearizability(): void {
  const rows = ROWS.map(([name, model, make]) => {
    const [milliseconds, valid] = best(make(), model);
    return [name, Math.ceil(milliseconds), String(valid)];
  });
  printTable(`General linearizability, best of ${ROUNDS}, loading not counted`, ["history", "ms", "valid"], rows);
}
