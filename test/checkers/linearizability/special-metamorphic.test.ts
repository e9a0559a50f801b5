/**
 * Longer histories of objects that behave, and changes of them that leave legal what was legal; the special cases and
 * the search must agree on what is not.
 */
import { describe, expect, it } from "vitest";
import { drawFrom } from "../../../bench/draw.ts";
import type { Draw } from "../../../bench/draw.ts";
import { simulatedHistory } from "../../../bench/simulated-history.ts";
import { linearizable, SEARCH } from "../../../checkers/linearizability/check.ts";
import { MODEL_MAKERS } from "../../../checkers/linearizability/models/index.ts";
import type { Columns } from "../../../history/columns/columns.ts";
import { eventAt } from "../../../history/columns/columns.ts";
import type { Json } from "../../../history/operation.ts";
import { columnsOfLines } from "./columns-of-lines.ts";
import type { Line } from "./columns-of-lines.ts";

type Asked = { readonly f: string; readonly value: Json };
type Acted = { readonly state: Json; readonly answer: Json };

interface Simulated {
  readonly initial: Json;
  ask(draw: Draw, count: number): Asked;
  act(state: Json, asked: Asked): Acted | null;
  /** Operations that answer what they saw, and change nothing. */
  readonly reads: string;
}

const list = (state: Json): readonly Json[] => state as readonly Json[];

const SIMULATED: Readonly<Record<string, Simulated>> = {
  register: {
    initial: null,
    reads: "read",
    ask: (draw, count) => (draw(2) === 0 ? { f: "read", value: null } : { f: "write", value: count }),
    act: (state, { f, value }) => (f === "read" ? { state, answer: state } : { state: value, answer: value }),
  },
  "cas-register": {
    initial: null,
    reads: "read",
    ask(draw, count) {
      const choice = draw(3);
      if (choice === 0) return { f: "read", value: null };
      return choice === 1 ? { f: "write", value: count } : { f: "cas", value: [count - 1 - draw(4), count] };
    },
    act(state, { f, value }) {
      if (f === "read") return { state, answer: state };
      if (f === "write") return { state: value, answer: value };
      const [old, next = null] = list(value);
      return old === state ? { state: next, answer: value } : null;
    },
  },
  "fifo-queue": {
    initial: [],
    reads: "none",
    ask: (draw, count) => (draw(2) === 0 ? { f: "dequeue", value: null } : { f: "enqueue", value: count }),
    act(state, { f, value }) {
      if (f === "enqueue") return { state: [...list(state), value], answer: value };
      const [head, ...rest] = list(state);
      return head === undefined ? null : { state: rest, answer: head };
    },
  },
  set: {
    initial: [],
    reads: "read",
    ask: (draw, count) => (draw(2) === 0 ? { f: "read", value: null } : { f: "add", value: count }),
    act: (state, { f, value }) =>
      f === "read" ? { state, answer: state } : { state: [...list(state), value], answer: null },
  },
  counter: {
    initial: 0,
    reads: "read",
    ask: (draw) => (draw(2) === 0 ? { f: "read", value: null } : { f: "add", value: 1 }),
    act: (state, { f }) => (f === "read" ? { state, answer: state } : { state: Number(state) + 1, answer: null }),
  },
  "increment-and-get": {
    initial: 0,
    reads: "read",
    ask: (draw) => ({ f: draw(2) === 0 ? "read" : "increment", value: null }),
    act(state, { f }) {
      const after = f === "read" ? Number(state) : Number(state) + 1;
      return { state: after, answer: after };
    },
  },
};

function linesOf(columns: Columns): Line[] {
  return Array.from({ length: columns.length }, (_, i): Line => {
    const { process, type, f, value } = eventAt(columns, i);
    return [Number(process), type, f, value];
  });
}

/** Changes that leave legal what was legal. */
const CHANGES: Readonly<Record<string, (lines: readonly Line[], draw: Draw, reads: string) => readonly Line[]>> = {
  nothing: (lines) => lines,
  "other processes": (lines) => lines.map(([process, ...rest]): Line => [1_000 - 7 * process, ...rest]),
  "fewer reads": (lines, draw, reads) => {
    const gone = new Set<number>();
    return lines.filter(([process, type, f]) => {
      if (f !== reads) return true;
      if (type === "invoke" && draw(3) === 0) gone.add(process);
      else if (type === "invoke") gone.delete(process);
      return !gone.has(process);
    });
  },
  "wider operations": (lines, draw) => {
    const wider = [...lines];
    for (let round = 0; round < lines.length; round += 1) {
      const at = 1 + draw(lines.length - 1);
      const [before, after] = [wider[at - 1] as Line, wider[at] as Line];
      if (before[0] === after[0] || before[1] === "invoke" || after[1] !== "invoke") continue;
      wider[at - 1] = after;
      wider[at] = before;
    }
    return wider;
  },
  "more unknown outcomes": (lines, draw) => {
    const renamed = new Map<number, number>();
    let next = 100_000;
    return lines.map(([name, type, f, value = null]): Line => {
      const process = renamed.get(name) ?? name;
      if (type !== "ok" || draw(20) !== 0) return [process, type, f, value];
      next += 1;
      renamed.set(name, next);
      return [process, "info", f, value];
    });
  },
};

describe.each(Object.entries(SIMULATED))("%s", (name, { initial, ask, act, reads }) => {
  const model = MODEL_MAKERS.get(name)?.({});
  const make = (seed: number, operations: number, processes: number): Line[] =>
    linesOf(simulatedHistory<Json>({ operations, processes, initial, ask, act, draw: drawFrom(seed), crashOneIn: 30 }));

  it.each(Object.entries(CHANGES))("is legal with %s", (_, change) => {
    if (model === undefined) throw new Error(`no model ${name}`);
    for (let seed = 1; seed <= 12; seed += 1) {
      const lines = change(make(seed, 400, 5), drawFrom(seed + 100), reads);
      const { valid, algorithm, reason } = linearizable(columnsOfLines(lines), model);
      expect([valid, algorithm === SEARCH], reason).toEqual([true, false]);
    }
  });

  it("with answers that were exchanged, is judged like by the search", () => {
    if (model === undefined) throw new Error(`no model ${name}`);
    const verdicts = new Set<unknown>();
    for (let seed = 1; seed <= 40; seed += 1) {
      const lines = make(seed, 50, 3);
      const draw = drawFrom(seed + 500);
      const answers = lines.flatMap(([, type, f], i) => (type === "ok" && /read|dequeue/.test(f) ? [i] : []));
      if (answers.length < 4) continue;
      const place = draw(answers.length - 3);
      const [one, other] = [answers[place] ?? 0, answers[place + 1 + draw(3)] ?? 0];
      const answerOf = (i: number): Json => lines[i]?.[3] ?? null;
      const swapped = lines.map((line, i): Line => {
        if (i !== one && i !== other) return line;
        return [line[0], line[1], line[2], answerOf(i === one ? other : one)];
      });
      const columns = columnsOfLines(swapped);
      const { valid, reason } = linearizable(columns, model);
      verdicts.add(valid);
      expect(linearizable(columns, model, { searchOnly: true }).valid, reason).toBe(valid);
    }
    expect(verdicts).toEqual(new Set([false, true]));
  });
});
