/** Linearizability against the brute-force oracle, and what its explanations say. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Budget } from "../../../checkers/analysis.ts";
import { linearizable, mergeShares, NONLINEARIZABLE } from "../../../checkers/linearizability/check.ts";
import { MODEL_MAKERS } from "../../../checkers/linearizability/models/index.ts";
import type { Model } from "../../../checkers/linearizability/model.ts";
import { illegal } from "../../../checkers/linearizability/model.ts";
import type { Json } from "../../../history/operation.ts";
import { isLinearizable } from "../oracle/linearizability.ts";
import { ORACLE_OBJECTS } from "../oracle/objects.ts";
import { arbitraryLines, ASKED } from "./arbitrary-operations.ts";
import { columnsOfLines, verdictOn } from "./columns-of-lines.ts";
import type { Line } from "./columns-of-lines.ts";

function modelNamed(name: string): Model<unknown> {
  const model = MODEL_MAKERS.get(name)?.({ limit: 2 });
  if (model === undefined) throw new Error(`no model ${name}`);
  return model;
}

function oracle(name: string, lines: readonly Line[]): boolean {
  const [object, initial] = ORACLE_OBJECTS[name] ?? [];
  if (object === undefined || initial === undefined) throw new Error(`no oracle for ${name}`);
  return isLinearizable(lines, object, initial);
}

const ROUNDS = { numRuns: 1_500 };

describe.each(Object.keys(ASKED))("%s", (name) => {
  const model = modelNamed(name);

  it("is judged like by brute force, and what is found is a proof by itself", () => {
    fc.assert(
      fc.property(arbitraryLines(name, 7), fc.boolean(), (lines, searchOnly) => {
        const expected = oracle(name, lines);
        const analysis = linearizable(columnsOfLines(lines), model, { searchOnly });
        expect(analysis.valid).toBe(verdictOn(lines, expected));
        expect(analysis.witness.length > 0).toBe(!expected);
        expect(analysis.anomalies[NONLINEARIZABLE]?.length ?? 0).toBe(expected ? 0 : 1);
        if (expected) return;
        const alone = analysis.witness.map((index) => lines[index] as Line);
        expect(oracle(name, alone)).toBe(false);
        expect(linearizable(columnsOfLines(alone), model, { searchOnly }).valid).toBe(false);
      }),
      ROUNDS,
    );
  });

  it("without what the model says of itself, is judged the same", () => {
    const { name: plainName, operations, initial, step, branches, identity, ownerAware } = model;
    const plain = {
      name: plainName,
      operations,
      initial: initial.bind(model),
      step: step.bind(model),
      ...(branches === undefined ? {} : { branches: branches.bind(model) }),
      ...(identity === undefined ? {} : { identity: identity.bind(model) }),
      ...(ownerAware === undefined ? {} : { ownerAware }),
    } satisfies Model<unknown>;
    fc.assert(
      fc.property(arbitraryLines(name, 7), (lines) => {
        const columns = columnsOfLines(lines);
        expect(linearizable(columns, plain).valid).toBe(linearizable(columns, model).valid);
      }),
      { numRuns: 400 },
    );
  });
});

describe("an explanation", () => {
  const staleRead: Line[] = [
    [0, "invoke", "write", 1],
    [0, "ok", "write", 1],
    [1, "invoke", "read"],
    [1, "ok", "read", 1],
    [0, "invoke", "write", 2],
    [0, "ok", "write", 2],
    [1, "invoke", "read"],
    [1, "ok", "read", 1],
    [0, "invoke", "write", 3],
    [0, "ok", "write", 3],
  ];

  it("names the operation that fits nowhere, the order before it and the state", () => {
    const analysis = linearizable(columnsOfLines(staleRead), modelNamed("register"), { searchOnly: true });
    expect(analysis.witness).toEqual([0, 1, 4, 5, 6, 7]);
    expect(analysis.reason).toBe(
      "register: read → 1 of process 1 fits nowhere. The order that comes furthest: after write 1, write 2 the state is 2: it holds 2.",
    );
    expect(analysis.anomalies[NONLINEARIZABLE]?.[0]?.detail).toEqual({
      operation: 6,
      orders: [{ order: [0, 4], state: "2", impossible: [{ operation: 6, reason: "it holds 2" }] }],
    });
  });

  it("names the failed operation that would explain a read", () => {
    const lines: Line[] = [
      [0, "invoke", "write", 1],
      [0, "fail", "write", 1],
      [1, "invoke", "read"],
      [1, "ok", "read", 1],
    ];
    const { reason, witness } = linearizable(columnsOfLines(lines), modelNamed("register"), { searchOnly: true });
    expect(reason).toContain("An operation that is said to have failed (event 0) would explain it.");
    expect(witness).toEqual([2, 3]);
  });

  it("keeps a write as long as its reads", () => {
    const lines: Line[] = [];
    for (let i = 1; i <= 50; i += 1)
      lines.push([0, "invoke", "write", i], [0, "ok", "write", i], [1, "invoke", "read"], [1, "ok", "read", i]);
    lines.push([1, "invoke", "read"], [1, "ok", "read", 20]);
    const { witness } = linearizable(columnsOfLines(lines), modelNamed("register"), { searchOnly: true });
    const last = lines.length - 2;
    expect(witness).toHaveLength(6);
    expect(witness.slice(0, 2)).toEqual([19 * 4, 19 * 4 + 1]);
    expect(witness.slice(-2)).toEqual([last, last + 1]);
  });
});

describe("keys", () => {
  const lines: Line[] = ["a", "b", "c"].flatMap((key, process): Line[] => [
    [process, "invoke", "write", [key, 1]],
    [process, "ok", "write", [key, 1]],
    [process, "invoke", "read", [key, null]],
    [process, "ok", "read", [key, key === "b" ? 2 : 1]],
  ]);

  it("are judged apart, and the broken one is named", () => {
    const analysis = linearizable(columnsOfLines(lines), modelNamed("register"), { byKey: true });
    expect(analysis.valid).toBe(false);
    expect(analysis.reason).toContain('"b"');
    expect(analysis.operations).toBe(6);
  });

  it("can be shared out", () => {
    const shares = [0, 1, 2].map((index) =>
      linearizable(columnsOfLines(lines), modelNamed("register"), { byKey: true, share: { index, of: 3 } }),
    );
    expect(shares.filter(({ valid }) => valid === false)).toHaveLength(1);
    expect(mergeShares(shares).valid).toBe(false);
  });
});

describe("operations that overlap everything", () => {
  /**
   * What nobody sees can stand at the end, and changes no verdict; but every other operation has its bit in the second
   * word of a mask.
   */
  const unseen: Readonly<Record<string, readonly [f: string, value: Json]>> = {
    register: ["write", 99],
    "key-value": ["append", ["k", "unseen"]],
  };

  it.each(Object.entries(unseen))("change no verdict on a %s", (name, [f, value]) => {
    const model = modelNamed(name);
    const crowd = Array.from({ length: 40 }, (_, i) => 1_000 + i);
    fc.assert(
      fc.property(arbitraryLines(name, 7), (lines) => {
        const crowded: Line[] = [
          ...crowd.map((process): Line => [process, "invoke", f, value]),
          ...lines,
          ...crowd.map((process): Line => [process, "ok", f, value]),
        ];
        const analysis = linearizable(columnsOfLines(crowded), model);
        expect(analysis.valid).toBe(oracle(name, lines));
      }),
      { numRuns: 400 },
    );
  });
});

describe("a crashed dequeue", () => {
  it("may have taken the element that is missing, while an enqueue is open that is like a crashed one", () => {
    const lines: Line[] = [
      [0, "invoke", "enqueue", 0],
      [2, "invoke", "enqueue", 1],
      [2, "ok", "enqueue", 1],
      [0, "info", "enqueue", 0],
      [2, "invoke", "enqueue", 0],
      [1, "invoke", "dequeue"],
      [3, "invoke", "dequeue"],
      [3, "info", "dequeue"],
      [1, "ok", "dequeue", null],
      [2, "ok", "enqueue", 0],
      [2, "invoke", "dequeue"],
      [2, "ok", "dequeue", 0],
    ];
    expect(linearizable(columnsOfLines(lines), modelNamed("unordered-queue")).valid).toBe(true);
  });
});

describe("a bound", () => {
  const crowded: Line[] = [
    ...Array.from({ length: 24 }, (_, i): Line => [
      i,
      "invoke",
      "txn",
      [
        ["w", "x", i],
        ["w", "y", -i],
      ],
    ]),
    ...Array.from({ length: 24 }, (_, i): Line => [
      i,
      "ok",
      "txn",
      [
        ["w", "x", i],
        ["w", "y", -i],
      ],
    ]),
    [24, "invoke", "txn", [["r", "x", null]]],
    [24, "ok", "txn", [["r", "x", 99]]],
  ];

  it.each<[string, Budget, RegExp]>([
    ["time", { timeMs: 50 }, /50 ms were not enough/],
    ["memory", { bytes: 1_000_000 }, /1000000 bytes of memory were not enough/],
    ["the caller's wish", { cancelled: () => true }, /interrupted/],
  ])("of %s makes the verdict unknown, with the reason", (_, budget, reason) => {
    const analysis = linearizable(columnsOfLines(crowded), modelNamed("multi-register"), { ...budget });
    expect(analysis.valid).toBe("unknown");
    expect(analysis.reason).toMatch(reason);
  });

  it("that makes no sense is refused, and so is a start value", () => {
    expect(() => linearizable(columnsOfLines([]), modelNamed("mutex"), { init: 3 })).toThrow(TypeError);
    expect(() => linearizable(columnsOfLines([]), modelNamed("register"), { timeMs: -1 })).toThrow(TypeError);
  });
});

describe("a model of one's own", () => {
  /** A cell that can be written once; `write` answers whether it did. */
  const writeOnce: Model<Json> = {
    name: "write-once",
    operations: ["write", "read"],
    initial: (init) => init ?? null,
    step(held, { f, input, output }) {
      if (f === "read")
        return output === undefined || output === held ? held : illegal(`it holds ${JSON.stringify(held)}`);
      if (output === false) return held === null ? illegal("nothing was written") : held;
      return held === null || output === undefined ? (held ?? input) : illegal(`${JSON.stringify(held)} was written`);
    },
  };

  it("needs no more than its steps", () => {
    const lines: Line[] = [
      [0, "invoke", "write", 1],
      [1, "invoke", "write", 2],
      [0, "ok", "write", false],
      [1, "ok", "write", true],
      [0, "invoke", "read"],
      [0, "ok", "read", 2],
    ];
    expect(linearizable(columnsOfLines(lines), writeOnce).valid).toBe(true);
    const broken = lines.map((line, i): Line => (i === 5 ? [0, "ok", "read", 1] : line));
    expect(linearizable(columnsOfLines(broken), writeOnce).valid).toBe(false);
  });
});
