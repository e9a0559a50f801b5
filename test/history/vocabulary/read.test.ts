/** The reader of values, which may be anything in another tool's history. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HistoryEvent, Json } from "../../../history/operation.ts";
import {
  fieldOf,
  flagIn,
  keyed,
  listField,
  numberIn,
  optionalNumberField,
  subjectOf,
  textField,
  textIn,
  ValueError,
} from "../../../history/vocabulary/read.ts";
import { tokenOf } from "../../../history/vocabulary/read-lock.ts";

function event(value: Json): HistoryEvent {
  return { index: 7, time: 0, process: 1, type: "ok", f: "acquire", value };
}

describe("a field", () => {
  it("is read where it has its type, and is undefined elsewhere", () => {
    const value = event({ key: "a", token: 3, held: false, grant: 4, validForMs: "1" });
    expect([textIn(value, "key"), numberIn(value, "token"), flagIn(value, "held")]).toEqual(["a", 3, false]);
    expect([textIn(value, "grant"), numberIn(value, "validForMs"), textIn(value, "channel")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("that must be there is refused with the event and what it should have", () => {
    expect(() => textField(event({ key: 1 }), "key")).toThrow(
      /^event 7 \(ok of acquire\) has the value {"key":1}; it should have a text "key"$/,
    );
    expect(() => optionalNumberField(event({ ttlMs: "1" }), "ttlMs")).toThrow(ValueError);
    expect(optionalNumberField(event({ ttlMs: null }), "ttlMs")).toBeUndefined();
    expect(() => listField(event({ entries: {} }), "entries")).toThrow(/a list "entries"/);
  });

  it("that no workload writes cannot be asked for", () => {
    // @ts-expect-error: nothing writes "freeed"
    expect(fieldOf(event({ freeed: 1 }), "freeed")).toBe(1);
    // @ts-expect-error: "held" is no text
    expect(textIn(event({ held: true }), "held")).toBeUndefined();
  });
});

describe("any value", () => {
  it("is read without a throw by what does not demand a shape", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const value = event(json as Json);
        const read = [textIn(value, "key"), numberIn(value, "token"), flagIn(value, "held"), subjectOf(value)];
        expect(read.map((each) => typeof each)).toEqual([
          expect.stringMatching(/^(?:string|undefined)$/),
          expect.stringMatching(/^(?:number|undefined)$/),
          expect.stringMatching(/^(?:boolean|undefined)$/),
          "string",
        ]);
      }),
    );
  });
});

describe("the subject of an operation", () => {
  it.each([
    ["lock:a", "lock:a"],
    [["register:1", 5], "register:1"],
    [[3, null], "3"],
    [{ key: "a", grant: "g" }, "a"],
    [{ channel: "c" }, "c"],
    [null, ""],
    [[1, 2, 3], ""],
  ] as const)("of %j is %j", (value, subject) => expect(subjectOf(event(value))).toBe(subject));
});

describe("a pair", () => {
  it("has its key as a text", () => {
    expect(keyed(event([["a", 1], 2]))).toEqual({ key: '["a",1]', value: 2 });
    expect(() => keyed(event(["a"]))).toThrow(/the form \[key, value\]/);
  });
});

describe("a fencing token", () => {
  it("is a number, or a text of digits that a number could not hold", () => {
    expect(tokenOf(event({ token: 5 }))).toBe(5);
    expect(tokenOf(event({ token: "9007199254740993" }))).toBe(9007199254740993n);
    expect(tokenOf(event({}))).toBeUndefined();
    expect(() => tokenOf(event({ token: "5a" }))).toThrow(ValueError);
  });
});
