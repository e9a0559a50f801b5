/** What the special cases say: which algorithm decided, why one does not apply, and sentences with their witnesses. */
import { describe, expect, it } from "vitest";
import { linearizable, SEARCH } from "../../../checkers/linearizability/check.ts";
import { MODEL_MAKERS } from "../../../checkers/linearizability/models/index.ts";
import type { Analysis } from "../../../checkers/analysis.ts";
import type { Json } from "../../../history/operation.ts";
import { columnsOfLines } from "./columns-of-lines.ts";
import type { Line } from "./columns-of-lines.ts";

function analysed(model: string, lines: readonly Line[], byKey = false): Analysis {
  const made = MODEL_MAKERS.get(model)?.({ limit: 2 });
  if (made === undefined) throw new Error(`no model ${model}`);
  return linearizable(columnsOfLines(lines), made, { byKey });
}

/** An operation without overlap. */
function done(process: number, f: string, input: Json, output: Json = input): Line[] {
  return [
    [process, "invoke", f, input],
    [process, "ok", f, output],
  ];
}

describe("a special case that does not apply says why", () => {
  it.each<[string, string, Line[], RegExp]>([
    [
      "a value that was written twice",
      "register",
      [...done(0, "write", 1), ...done(0, "write", 1), ...done(0, "read", null, 1)],
      /not by register zones: the value of write 1 of process 0 is written several times/,
    ],
    [
      "a cas that saw another value",
      "cas-register",
      done(0, "cas", [1, 2], [1, 2, false]),
      /cas \[1,2\] → \[1,2,false\] of process 0 is evidence that the register held another value/,
    ],
    [
      "a release by somebody else",
      "mutex",
      [
        [0, "invoke", "acquire"],
        [1, "invoke", "release"],
        [1, "ok", "release"],
        [0, "ok", "acquire"],
      ],
      /when event 1 released it, nobody is known to have acquired it/,
    ],
    [
      "crashed and empty dequeues",
      "fifo-queue",
      [[0, "invoke", "dequeue"], ...done(1, "enqueue", 1), ...done(1, "dequeue", null)],
      /depends on dequeues with unknown outcomes/,
    ],
    [
      "different amounts",
      "counter",
      [...done(0, "add", 1), ...done(0, "add", 2), ...done(0, "read", null, 3)],
      /not by counter bounds: .* not exact where different amounts are added/,
    ],
    ["elements that are removed", "set", [...done(0, "add", 1), ...done(0, "remove", 1)], /elements are removed/],
  ])("%s", (_, model, lines, why) => {
    const { algorithm, reason, valid } = analysed(model, lines);
    expect(algorithm).toBe(SEARCH);
    expect(valid).toBe(true);
    expect(reason).toMatch(why);
  });
});

describe("a violation", () => {
  it("of a register names both blocks, and takes the writes of what was seen", () => {
    const lines = [...done(0, "write", 1), ...done(0, "write", 2), ...done(0, "write", 3), ...done(1, "read", null, 1)];
    const { reason, witness, algorithm } = analysed("register", lines);
    expect(algorithm).toBe("register zones");
    expect(witness).toEqual([0, 1, 2, 3, 6, 7]);
    expect(reason).toBe(
      "register: every write and read of one value must come before every write and read of another, as write 1 of process 0 completed (event 1) before write 2 of process 0 was invoked (event 2); and the other way round, as write 2 of process 0 completed (event 3) before read → 1 of process 1 was invoked (event 6). read → 1 of process 1 fits nowhere. The order that comes furthest: after write 1, write 2 the state is 2: it holds 2.",
    );
  });

  it("of a chain of cas takes the chain from its beginning", () => {
    const lines = [
      ...done(0, "write", 1),
      ...done(0, "cas", [1, 2]),
      ...done(0, "cas", [2, 3]),
      ...done(1, "read", null, 2),
      ...done(1, "write", 9),
    ];
    expect(analysed("cas-register", lines).witness).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("names the key", () => {
    const lines = [
      ...done(0, "acquire", ["a", null]),
      ...done(1, "acquire", ["b", null]),
      ...done(2, "acquire", ["b", null]),
    ];
    const { reason, witness } = analysed("mutex", lines, true);
    expect(witness).toEqual([2, 3, 4, 5]);
    expect(reason).toContain('mutex ("b"): at event 5, 2 hold what only one may hold');
  });

  it("of a queue names the two elements", () => {
    const lines = [
      ...done(0, "enqueue", "a"),
      ...done(0, "enqueue", "b"),
      ...done(0, "enqueue", "c"),
      ...done(1, "dequeue", null, "b"),
      ...done(1, "dequeue", null, "a"),
    ];
    const { reason, witness } = analysed("fifo-queue", lines);
    expect(witness).toEqual([0, 1, 2, 3, 6, 7, 8, 9]);
    expect(reason).toContain('dequeue → "b" of process 1 overtook the element of enqueue "a" of process 0');
  });

  it("of a history by a failed operation says so", () => {
    const lines: Line[] = [[0, "invoke", "write", 1], [0, "fail", "write", 1], ...done(1, "read", null, 1)];
    const { reason, witness } = analysed("register", lines);
    expect(witness).toEqual([2, 3]);
    expect(reason).toContain("An operation that is said to have failed (event 0) would explain it.");
  });
});
