/**
 * Values that are asked for in one shape and answered in another cannot be compared: nobody's object is called broken
 * for that.
 */
import { describe, expect, it } from "vitest";
import type { Analysis } from "../../../../checkers/analysis.ts";
import { MisuseError } from "../../../../checkers/analysis.ts";
import { MODELS } from "../../../../checkers/models.ts";
import type { Json } from "../../../../history/operation.ts";
import { columnsOfLines } from "../columns-of-lines.ts";

interface Asked {
  readonly write: string;
  readonly read: string;
  readonly asked: Json;
  readonly answered: Json;
  readonly found: Json;
}

function judge(model: string, { write, read, asked, answered, found }: Asked, init?: Json): Analysis {
  const analyze = MODELS.get(model);
  if (analyze === undefined) throw new Error(`no model ${model}`);
  const columns = columnsOfLines([
    [0, "invoke", write, asked],
    [0, "ok", write, answered],
    [1, "invoke", read],
    [1, "ok", read, found],
  ]);
  return analyze(columns, init === undefined ? {} : { init });
}

const versioned = { value: "a", version: 1 };
const plain = { asked: "a", answered: versioned };

describe("a history whose writes and reads are answered in another shape than writes are asked", () => {
  it.each<[string, Asked]>([
    ["register", { ...plain, write: "write", read: "read", found: versioned }],
    ["register", { ...plain, write: "write", read: "read", found: { ...versioned, version: 2 } }],
    ["cas-register", { ...plain, write: "write", read: "read", found: versioned }],
    ["stale-reads", { ...plain, write: "write", read: "read", found: versioned }],
    ["set", { ...plain, write: "add", read: "read", found: [versioned] }],
    ["set-full", { ...plain, write: "add", read: "read", found: [versioned] }],
    ["fifo-queue", { ...plain, write: "enqueue", read: "dequeue", found: versioned }],
    ["unordered-queue", { ...plain, write: "enqueue", read: "dequeue", found: versioned }],
    ["total-queue", { ...plain, write: "enqueue", read: "drain", found: [versioned] }],
  ])("is refused by %s", (model, asked) => {
    const judged = (): Analysis => judge(model, asked);
    expect(judged).toThrow(MisuseError);
    expect(judged).toThrow(/^event 1: (write|add|enqueue) "a" is answered with {"value":"a","version":1}, and the /);
    expect(judged).toThrow(/ of event 3 answers .*record values in one shape, in invocations and completions alike$/);
  });
});

describe("what a write answers", () => {
  const register = { write: "write", read: "read" };

  it.each<[string, Asked, boolean]>([
    ["a status", { ...register, asked: 1, answered: "OK", found: 1 }, true],
    ["a status, of a register that lies", { ...register, asked: 1, answered: "OK", found: 2 }, false],
    ["null", { ...register, asked: versioned, answered: null, found: versioned }, true],
    ["the value that was there before", { ...register, asked: 2, answered: 1, found: 1 }, false],
    ["a version", { ...register, asked: "a", answered: versioned, found: "a" }, true],
  ])("is no reason to refuse it where reads answer as writes were asked: %s", (_, asked, valid) => {
    expect(judge("register", asked).valid).toBe(valid);
  });

  it("may have the shape of what was there in the beginning", () => {
    const asked = { ...register, asked: 1, answered: "OK", found: "nothing" };
    expect(judge("register", asked, "nothing").valid).toBe(false);
  });

  it("says nothing of what is in a list that was written", () => {
    expect(judge("register", { ...register, asked: ["a"], answered: "OK", found: ["a"] }).valid).toBe(true);
  });
});
