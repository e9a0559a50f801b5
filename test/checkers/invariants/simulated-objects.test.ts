/**
 * No false alarm: what a simulated object that is right answers is never broken, whatever overlaps and however unknown
 * outcomes end.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../history/operation.ts";
import { analyze, arbitraryHistory, bySessions, eventsOf } from "./random-operations.ts";
import type { Done } from "./random-operations.ts";

interface Simulated {
  readonly names: readonly [string, ...string[]];
  /** The operation's argument. @param id is given to no other operation. */
  input(f: string, id: number): Json;
  /** An object in its first state: does what is asked, and answers. */
  begin(): { readonly act: (f: string, input: Json) => Json; readonly options: () => object };
}

const LONG_FORK_KEYS = [0, 1, 2, 3, 4, 5, 6];

const OBJECTS: { readonly [name: string]: Simulated } = {
  "set-full": {
    names: ["add", "read"],
    input: (f, id) => (f === "add" ? id : null),
    begin() {
      const elements: Json[] = [];
      return {
        act(f, input) {
          if (f === "add") elements.unshift(input);
          return f === "add" ? input : [...elements];
        },
        options: () => ({ linearizable: true }),
      };
    },
  },
  "total-queue": {
    names: ["enqueue", "enqueue", "dequeue", "drain"],
    // Elements come several times.
    input: (f, id) => (f === "enqueue" ? id % 2 : null),
    begin() {
      const elements: Json[] = [];
      return {
        act(f, input) {
          if (f === "enqueue") elements.push(input);
          if (f === "enqueue") return input;
          return f === "drain" ? elements.splice(0) : (elements.shift() ?? null);
        },
        options: () => ({ atMostOnce: true, drained: elements.length === 0 }),
      };
    },
  },
  bank: {
    names: ["transfer", "read"],
    input: (f, id) => (f === "transfer" ? id : null),
    begin() {
      const balances = { a: 3, b: 1 };
      return {
        act(f, input) {
          if (f === "read") return { ...balances };
          const [from, to] = Number(input) % 2 === 0 ? (["a", "b"] as const) : (["b", "a"] as const);
          if (balances[from] > 0) {
            balances[from] -= 1;
            balances[to] += 1;
          }
          return input;
        },
        options: () => ({ total: 4, accounts: ["a", "b"] }),
      };
    },
  },
  "long-fork": {
    names: ["write", "read"],
    input: (f, id) => (f === "write" ? [["w", id, id]] : LONG_FORK_KEYS.map((key) => ["r", key, null])),
    begin() {
      const written = new Set<Json>();
      return {
        act(f, input) {
          if (f === "read") return LONG_FORK_KEYS.map((key) => ["r", key, written.has(key) ? key : null]);
          written.add((input as Json[][])[0]?.[1] ?? null);
          return input;
        },
        options: () => ({}),
      };
    },
  },
  monotonic: {
    names: ["increment", "read"],
    input: () => null,
    begin() {
      let count = 0;
      return {
        act(f) {
          if (f === "increment") count += 1;
          return count === 0 ? null : count;
        },
        options: () => ({ realTime: true }),
      };
    },
  },
  "stale-reads": {
    names: ["write", "read"],
    input: (f, id) => (f === "write" ? id : null),
    begin() {
      let value: Json = null;
      return {
        act(f, input) {
          if (f === "write") value = input;
          return value;
        },
        options: () => ({ realTime: true }),
      };
    },
  },
};

/** How much later than its invocation an operation with an unknown outcome may take effect, in events. */
const LATEST = 40;

/**
 * Answers come from the object, asked at one moment inside each operation; what failed has not happened, and what is
 * unknown may have, also late.
 */
function simulate(
  operations: readonly Done[],
  { input, begin }: Simulated,
  draws: readonly { readonly at: number; readonly happens: boolean }[],
): { readonly operations: Done[]; readonly options: object } {
  const placed = operations.map((each, id) => {
    const { at, happens } = draws[id % draws.length] as (typeof draws)[number];
    const { type, call, ret } = each;
    return {
      operation: { ...each, input: input(each.f, id) },
      id,
      moment: call + at * (type === "ok" ? ret - call : LATEST),
      happens: type === "ok" || (type === "info" && happens),
    };
  });
  const object = begin();
  const answers = new Map<number, Json>();
  for (const { operation, id, happens } of placed.toSorted((a, b) => a.moment - b.moment))
    if (happens) answers.set(id, object.act(operation.f, operation.input));
  return {
    operations: placed.map(({ operation, id }) => ({ ...operation, output: answers.get(id) ?? null })),
    options: object.options(),
  };
}

describe("an object that is right", () => {
  it.each(Object.entries(OBJECTS))("is never broken: %s", (name, object) => {
    const step = fc.constantFrom(...object.names).map((f) => ({ f, input: null, output: null }));
    const draws = fc.array(
      fc.record({ at: fc.double({ min: 0.001, max: 0.999, noNaN: true }), happens: fc.boolean() }),
      {
        minLength: 7,
        maxLength: 7,
      },
    );
    const verdicts = new Set<unknown>();
    fc.assert(
      fc.property(bySessions(arbitraryHistory(step)), draws, (drawn, chances) => {
        const { operations, options } = simulate(drawn, object, chances);
        const { valid, reason } = analyze(name, eventsOf(operations), options);
        expect(valid, reason).not.toBe(false);
        verdicts.add(valid);
      }),
      { numRuns: 5_000 },
    );
    expect(verdicts).toContain(true);
  });
});
