/** From a history to the operations of each object; and what a history must not be. */
import { describe, expect, it } from "vitest";
import { MisuseError } from "../../../../checkers/analysis.ts";
import { NEVER } from "../../../../checkers/linearizability/entries.ts";
import { prepare } from "../../../../checkers/linearizability/prepare/prepare.ts";
import type { ModelShape } from "../../../../checkers/linearizability/prepare/prepare.ts";
import type { Json } from "../../../../history/operation.ts";
import { columnsOfLines } from "../columns-of-lines.ts";
import type { Line } from "../columns-of-lines.ts";

const register: ModelShape = { name: "register", operations: ["read", "write"] };
const several: ModelShape = {
  name: "several",
  operations: ["touch", "all"],
  keys: ({ f, input }) => (f === "all" ? undefined : (input as Json[])),
};

describe("prepare", () => {
  it("copies the answers back, forgets the failed, and leaves the unknown open", () => {
    const columns = columnsOfLines([
      [0, "invoke", "write", 1],
      [1, "invoke", "read"],
      [2, "invoke", "write", 2],
      [1, "ok", "read", 1],
      [0, "fail", "write", 1],
      [2, "info", "write", 2],
      [3, "invoke", "write", 3],
    ]);
    const { parts, operations } = prepare(columns, register);
    const entries = parts[0]?.entries;
    expect([parts.length, operations]).toEqual([1, 4]);
    expect([...(entries?.call ?? [])]).toEqual([1, 2, 6]);
    expect([...(entries?.ret ?? [])]).toEqual([3, NEVER, NEVER]);
    expect([...(entries?.failed ?? [])]).toEqual([0]);
    expect([...(entries?.output ?? [])].map((at) => (at === -1 ? undefined : columns.tape.json(at)))).toEqual([
      1,
      undefined,
      undefined,
    ]);
  });

  it("gives each key its own part, in the order of their first invocations", () => {
    const columns = columnsOfLines([
      [0, "invoke", "write", ["b", 1]],
      [1, "invoke", "read", ["a", null]],
      [1, "ok", "read", ["a", 7]],
      [0, "ok", "write", ["b", 1]],
    ]);
    const { parts } = prepare(columns, register, { byKey: true });
    expect(parts.map(({ keys }) => keys)).toEqual([["b"], ["a"]]);
    expect(columns.tape.json(parts[1]?.entries.output[0] ?? -1)).toBe(7);
  });

  it("keeps together what operations of several keys connect", () => {
    const touch = (keys: string[]): Line[] => [
      [0, "invoke", "touch", keys],
      [0, "ok", "touch", keys],
    ];
    const lines = [...touch(["a", "b"]), ...touch(["c"]), ...touch(["d"]), ...touch(["b", "d"])];
    expect(prepare(columnsOfLines(lines), several).parts.map(({ keys }) => keys)).toEqual([["a", "b", "d"], ["c"]]);
    const withAll: Line[] = [...lines, [1, "invoke", "all"]];
    expect(prepare(columnsOfLines(withAll), several).parts.map(({ keys }) => keys)).toEqual([["a", "b", "c", "d"]]);
  });

  it("has one empty part for an empty history", () => {
    expect(prepare(columnsOfLines([]), register).parts.map(({ entries }) => entries.length)).toEqual([0]);
  });

  it.each<[string, Line[], boolean, RegExp]>([
    ["an unknown operation", [[0, "invoke", "pop"]], false, /event 0: register does not know the operation "pop"/],
    [
      "two open operations of a process",
      [
        [0, "invoke", "read"],
        [0, "invoke", "read"],
      ],
      false,
      /event 1: process 0 invokes "read" while its operation of event 0 is open/,
    ],
    [
      "a completion of nothing",
      [[0, "ok", "read"]],
      false,
      /event 0: process 0 completes an operation that it did not/,
    ],
    [
      "a process that acts after an unknown outcome",
      [
        [0, "invoke", "read"],
        [0, "info", "read"],
        [0, "invoke", "read"],
      ],
      false,
      /event 2: process 0 acts again/,
    ],
    [
      "a completion of something else",
      [
        [0, "invoke", "read"],
        [0, "ok", "write", 1],
      ],
      false,
      /event 1: process 0 invoked "read" and completes "write"/,
    ],
    ["a value without its key", [[0, "invoke", "read", 3]], true, /event 0: with keys, a value is \[key, value\]/],
    [
      "a completion about another key",
      [
        [0, "invoke", "read", ["a", null]],
        [0, "ok", "read", ["b", 1]],
      ],
      true,
      /event 1: the completion is about the key "b", and its invocation about "a"/,
    ],
  ])("refuses %s", (_, lines, byKey, message) => {
    const attempt = (): unknown => prepare(columnsOfLines(lines), register, { byKey });
    expect(attempt).toThrow(MisuseError);
    expect(attempt).toThrow(message);
  });
});
