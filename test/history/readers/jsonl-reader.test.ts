/** The reader of bytes says of every line what `parseLine` says of it, however the bytes are cut into pieces. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventAt } from "../../../history/columns/columns.ts";
import { HistoryError } from "../../../history/history-error.ts";
import { JsonlReader } from "../../../history/readers/jsonl-reader.ts";
import type { ParsedLine } from "../../../history/line.ts";
import { parseLine } from "../../../history/line.ts";
import { parseHistory } from "../../../history/read.ts";

/** Texts of JSON, also such as no writer of JSON would write. */
const texts = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '"a"',
    '""',
    '"\\u00e9\\ud83d\\ude00"',
    '"\\ud800"',
    '"\\/\\b"',
    '"é😀"',
    '"\\x"',
    '"\t"',
    '"\\',
    "'a'",
  ),
);
const numbers = fc.oneof(
  fc.integer().map(String),
  fc.double().map((number) => JSON.stringify(number)),
  fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
  fc.constantFrom(
    "0",
    "-0",
    "00",
    "01",
    "-",
    "1.",
    ".5",
    "1e5",
    "1E+2",
    "1e",
    "1e999",
    "+1",
    "0x1",
    "NaN",
    "1_000",
    "0.1e-7",
  ),
);
const space = fc.constantFrom("", "", "", " ", "\t", " \r", "\u00a0");
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.oneof(texts, numbers, fc.constantFrom("null", "true", "false", "nul", "True", "")),
    fc
      .tuple(space, fc.array(tie("value"), { maxLength: 4 }))
      .map(([s, items]) => `[${s}${items.join(`${s},${s}`)}${s}]`),
    fc
      .tuple(
        space,
        fc.array(fc.tuple(fc.oneof(texts, fc.constantFrom('"x"', '"1"', '"__proto__"')), tie("value")), {
          maxLength: 4,
        }),
      )
      .map(([s, fields]) => `{${fields.map(([name, each]) => `${s}${name}${s}:${s}${each}`).join(",")}${s}}`),
  ),
}));

function fieldOf(name: string, usual: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: value }).map((text) => `"${name}":${text}`);
}

const required = fc.tuple(
  fieldOf("process", fc.oneof(fc.integer().map(String), fc.maxSafeInteger().map(String), fc.constant('"nemesis"'))),
  fieldOf("type", fc.constantFrom('"invoke"', '"ok"', '"fail"', '"info"')),
  fieldOf("f", fc.oneof(fc.constantFrom('"read"', '"write"', '"phase"'), texts)),
);
const optional = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fieldOf("value", value) },
    fieldOf("time", fc.oneof(fc.maxSafeInteger().map(String), numbers)),
    fieldOf("index", fc.maxSafeInteger().map(String)),
    fieldOf("error", fc.oneof(texts, value)),
    fieldOf("node", texts),
    fieldOf("worker", texts),
    fieldOf("attempts", fc.nat().map(String)),
    fieldOf("other", value),
    fieldOf("\\u0066", texts),
  ),
  { maxLength: 4 },
);
const line = fc.tuple(required, optional, space, fc.boolean()).map(([first, others, s, turned]) => {
  const fields = [...first, ...others];
  return `${s}{${(turned ? fields.reverse() : fields).join(`${s},${s}`)}${s}}${s}`.replaceAll("\n", " ");
});

/** In pieces of the given sizes. */
function read(text: string, sizes: readonly number[]): JsonlReader {
  const reader = new JsonlReader("h");
  const bytes = Buffer.from(text);
  let start = 0;
  for (let i = 0; start < bytes.length; i += 1) {
    const end = start + (sizes.length === 0 ? bytes.length : (sizes[i % sizes.length] ?? 1));
    reader.push(bytes.subarray(start, end));
    start = end;
  }
  return reader;
}

function expectedOf(text: string): ParsedLine | string {
  try {
    return parseLine(text);
  } catch (error) {
    if (error instanceof SyntaxError) return `h, line 1: ${error.message}`;
    throw error;
  }
}

/** What JSON cannot tell apart either. */
function plain(event: unknown): string {
  return JSON.stringify(event);
}

/** 0 and -0 are one number here. */
function withoutSigns(fields: object): object {
  return Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, each === 0 ? 0 : (each as unknown)]));
}

describe("a line of JSON", () => {
  it("is read as parseLine reads it, or refused with the same words", () => {
    const accepted = { count: 0 };
    fc.assert(
      fc.property(line, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }), (text, sizes) => {
        const expected = expectedOf(text);
        if (typeof expected === "string") {
          expect(() => read(`${text}\n`, sizes)).toThrow(
            new HistoryError("h", 1, expected.slice("h, line 1: ".length)),
          );
          return;
        }
        const { index: _index, time, type, ...rest } = expected;
        accepted.count += 1;
        // Alone, only an invocation is a history.
        const isNemesis = rest.process === "nemesis";
        const reader = read(`${text}\n`, sizes);
        if (!isNemesis && type !== "invoke") {
          expect(() => reader.end()).toThrow(/completes [^]* without having invoked it/);
          return;
        }
        const { columns } = reader.end();
        const { value: readValue, ...event } = eventAt(columns, 0);
        const { value: expectedValue, ...fields } = rest;
        expect(withoutSigns(event)).toEqual(withoutSigns({ index: 0, time: time ?? 0, type, ...fields }));
        expect(plain(readValue)).toBe(plain(expectedValue));
      }),
      { numRuns: 5_000 },
    );
    expect(accepted.count).toBeGreaterThan(1_000);
  });

  it("may be nested 500 deep, and no deeper", () => {
    const depth = 500;
    const nested = (levels: number): string =>
      `{"process":0,"type":"invoke","f":"r","value":${"[".repeat(levels)}${"]".repeat(levels)}}`;
    for (const deeper of [depth + 1, 100_000])
      for (const end of ["", "\n"])
        expect(() => parseHistory(nested(deeper) + end)).toThrow("line 1: a value is nested more than 500 deep");
    const { history } = parseHistory(`${nested(depth)}\n`);
    let value = history.events[0]?.value;
    let found = 0;
    for (; Array.isArray(value); found += 1) value = value[0] as typeof value;
    expect(found).toBe(depth);
  });

  it("may have a process of any number", () => {
    const processes = [
      2 ** 53 - 1,
      -(2 ** 53 - 1),
      2 ** 31,
      -(2 ** 31),
      -(2 ** 31) + 1,
      2 ** 31 - 1,
      -(2 ** 30) - 1,
      -(2 ** 30),
    ];
    const { history } = parseHistory(
      processes.map((process) => `{"process":${process},"type":"invoke","f":"r"}\n`).join(""),
    );
    expect(history.operations.map(({ process }) => process)).toEqual(processes);
  });

  it("is warned of where a number of it had to be rounded", () => {
    const of = (value: string): readonly string[] =>
      parseHistory(`{"process":0,"type":"invoke","f":"w","value":${value}}\n`, "h").warnings;
    expect(of("9007199254740993")).toEqual([
      "h, line 1: 9007199254740993 is more than a JSON number holds exactly, and was rounded; write such values as texts",
    ]);
    expect(of("9007199254740992")).toEqual([]);
    expect(of("1e300")).toEqual([]);
  });
});

describe("many lines", () => {
  it("are read in pieces of any size", () => {
    const events = Array.from({ length: 300 }, (_, i) => [
      `{"time":${i * 7 + (i % 3)},"process":${i},"type":"invoke","f":"é${i % 5}","value":["${"x".repeat(i)}",${i}]}`,
      `{"time":${i * 7 + 50},"process":${i},"type":"ok","f":"é${i % 5}","value":["y",${i * 2 ** 20}]}`,
    ]).flat();
    const text = events.map((each) => `${each}\n`).join("");
    const whole = parseHistory(text).history.events;
    expect(whole.map(({ time }) => time)).toEqual(whole.map(({ time }) => time).toSorted((a, b) => a - b));
    for (const sizes of [[1], [7, 1_000], [65_536]]) {
      const { columns } = read(text, sizes).end();
      expect(Array.from({ length: columns.length }, (_, i) => eventAt(columns, i))).toEqual(whole);
      for (let i = 0; i < columns.length; i += 1) {
        expect(columns.partner[columns.partner[i] ?? -1]).toBe(i);
        const at = (columns.line?.[i] ?? 0) - 1;
        expect(JSON.parse(events[at] ?? "")).toMatchObject({ time: columns.time[i], process: columns.process[i] });
      }
    }
  });
});

describe("an error", () => {
  it.each([
    [`["not-found","lease"]`, `["not-found","lease"]`],
    [`{"code":5,"why":null}`, `{"code":5,"why":null}`],
    [`7`, `7`],
    [`false`, `false`],
    [`"timeout"`, `timeout`],
    [`null`, undefined],
  ])("may be %s", (error, read) => {
    const lines = [
      `{"process":0,"type":"invoke","f":"read","value":null,"error":null}`,
      `{"process":0,"type":"info","f":"read","value":null,"error":${error}}`,
    ];
    const { history, warnings } = parseHistory(lines.join("\n"));
    expect(warnings).toEqual([]);
    expect(history.events.map((event) => event.error)).toEqual([undefined, read]);
  });
});
