/** EDN histories of Jepsen, Knossos and Elle, as what the same history in JSON lines says. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventAt } from "../../../history/columns/columns.ts";
import { EdnReader } from "../../../history/readers/edn-reader.ts";
import { HistoryError } from "../../../history/history-error.ts";
import type { LoadedHistory } from "../../../history/readers/history-reader.ts";
import type { HistoryEvent, Json } from "../../../history/operation.ts";

function load(text: string, pieceBytes = text.length * 4 + 1): LoadedHistory {
  const reader = new EdnReader("h.edn");
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += pieceBytes) reader.push(bytes.subarray(start, start + pieceBytes));
  return reader.end();
}

function eventsOf({ columns }: LoadedHistory): HistoryEvent[] {
  return Array.from({ length: columns.length }, (_, i) => eventAt(columns, i));
}

function valueOf(edn: string): Json | undefined {
  return eventsOf(load(`{:process 0, :type :invoke, :f :w, :value ${edn}}`))[0]?.value;
}

const REGISTER = [
  "{:process 0, :type :invoke, :f :cas, :value [1 2], :time 10, :index 0}",
  "{:process :nemesis, :type :info, :f :start, :value nil, :time 11, :index 1}",
  '#jepsen.history.Op{:index 2, :time 12, :type :info, :process 0, :f :cas, :value [1 2], :error [:timeout "n1"]}',
];
const READ: HistoryEvent[] = [
  { index: 0, time: 10, process: 0, type: "invoke", f: "cas", value: [1, 2] },
  { index: 1, time: 11, process: "nemesis", type: "info", f: "start", value: null },
  { index: 2, time: 12, process: 0, type: "info", f: "cas", value: [1, 2], error: '["timeout","n1"]' },
];

describe("a history in EDN", () => {
  it.each([
    ["one map a line", REGISTER.join("\n")],
    ["one vector", `[${REGISTER.join("\n ")}]`],
    ["one list on one line", `; Knossos\n(${REGISTER.join(", ")})\n`],
    [
      "with comments and what is discarded",
      `;a\n${REGISTER[0]} #_ {:process 9} ; b {\n${REGISTER[1]}${REGISTER[2]} #_[1 {}]\n;end`,
    ],
  ])("is read as %s, in pieces of any size", (_, text) => {
    for (const bytes of [1, 7, 64, 10_000]) {
      const loaded = load(text, bytes);
      expect(eventsOf(loaded)).toEqual(READ);
      expect(loaded.warnings).toEqual([]);
    }
  });

  it.each<[string, Json]>([
    ["nil", null],
    [
      "[[:append :x 1] [:r :x [1 2]] [:r 5 nil]]",
      [
        ["append", "x", 1],
        ["r", "x", [1, 2]],
        ["r", 5, null],
      ],
    ],
    ["#{3 1}", [3, 1]],
    ["(1, 2,,3)", [1, 2, 3]],
    ['{:a 1, "b" 2, 3 [4]}', { a: 1, b: 2, "3": [4] }],
    ["1/4", 0.25],
    ["-12N", -12],
    ["9007199254740993", "9007199254740993"],
    ["123456789012345678901234567890N", "123456789012345678901234567890"],
    ["1.5M", 1.5],
    ["-2.5e3", -2500],
    ["+7", 7],
    ["true", true],
    ["false", false],
    ['"a\\n\\"b\\\\ \\u00e9é"', 'a\n"b\\ éé'],
    ["\\newline", "\n"],
    ["\\a", "a"],
    ["\\(", "("],
    ["sym-bol", "sym-bol"],
    [":ns/key", "ns/key"],
    ['#inst "2020-01-01"', "2020-01-01"],
    ["#object[clojure.lang.Atom 0x5 {:status :ready}]", ["clojure.lang.Atom", "0x5", { status: "ready" }]],
    ["##Inf", "Inf"],
    ["^{:doc 1} [1]", [1]],
    ["[]", []],
    ["{}", {}],
  ])("has for %s the value %j", (edn, value) => {
    expect(
      valueOf(edn === "#object[clojure.lang.Atom 0x5 {:status :ready}]" ? edn.replace("0x5", '"0x5"') : edn),
    ).toEqual(value);
  });

  it("says the same as JSON of any value", () => {
    const json = fc
      .jsonValue({ maxDepth: 4 })
      .filter((value) => !JSON.stringify(value).includes("__proto__")) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(json, (value) => {
        // JSON is EDN but for its colons, its null, and a slash's escape.
        expect(JSON.stringify(valueOf(ednOf(value)))).toBe(JSON.stringify(value));
      }),
      { numRuns: 1_000 },
    );
  });

  it("may call its processes by names", () => {
    const { columns } = load(
      "{:process :a :type :invoke :f :r}{:process :b :type :invoke :f :r}{:process :a :type :ok :f :r}",
    );
    expect([...columns.partner]).toEqual([2, -1, 0]);
    expect([...columns.process].map((number) => columns.processNames?.get(number))).toEqual(["a", "b", "a"]);
  });

  it("takes the order of its events where it says that it knows neither index nor time", () => {
    const { columns } = load(
      "{:process 0 :type :invoke :f :r :index -1 :time -1}\n{:process 0 :type :ok :f :r :index -1, :time nil}",
    );
    expect([...columns.time]).toEqual([0, 1]);
  });

  it("is accepted without what was cut off at its end", () => {
    const whole = `[${REGISTER.join("\n")}]`;
    for (let length = 1; length < whole.length; length += 1) {
      const { columns, warnings } = load(whole.slice(0, length));
      expect(columns.length).toBe(
        REGISTER.filter((_, i) => length >= 1 + REGISTER.slice(0, i + 1).join("\n").length).length,
      );
      expect(warnings.join()).toMatch(/^h.edn, line \d: .*cut off/);
    }
  });

  it.each([
    ["is no map", `${REGISTER[0]}\n\n:process`, 3, /an event is a map .* this begins with ":"/],
    ["has no process", "{:type :ok}", 1, /process is missing; it must be an integer, :nemesis, or a keyword/],
    ["has a process that is no number", "{:process 1.5 :type :ok :f :r}", 1, /process is 1.5/],
    [
      "has an unknown type",
      `${REGISTER[0]}\n{:process 1 :type :okay :f :r}`,
      2,
      /type is "okay"; it must be :invoke, :ok, :fail or :info/,
    ],
    ["has no f", "{:process 1 :type :invoke :f nil}", 1, /f is null; it must be the name/],
    ["has a key without a value", "\n{:process 1 :type :invoke :f :r :value {:a}}", 2, /a key without a value/],
    ["has a key twice", "{:process 1 :type :invoke :f :r :value {:a 1 :a 2}}", 1, /the key "a" twice/],
    ["has a wrong bracket", "{:process 1 :type :invoke :f :r\n :value [1)}", 2, /"\)" is not expected here/],
    ["has a number that is none", "{:process 1 :type :invoke :f :r :value 1x}", 1, /1x is no number/],
    ["has an escape that EDN does not know", '{:process 1 :type :invoke :f :r :value "\\q"}', 1, /the escape \\q/],
    ["has a time before the start", "{:process 1 :type :invoke :f :r :time -5}", 1, /time is not nanoseconds/],
    [
      "goes on after an info",
      [...REGISTER, REGISTER[0]?.replaceAll("10", "13").replace(":index 0", ":index 3")].join("\n"),
      4,
      /acts after the info of line 3/,
    ],
    ["is nested too deep", `{:process 1 :type :invoke :f :r :value ${"[".repeat(600)}`, 1, /more than 500 deep/],
  ])("is refused where an event %s, and the line is named", (_, text, line, message) => {
    let error: unknown;
    try {
      load(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(HistoryError);
    expect((error as HistoryError).message).toMatch(message);
    expect((error as HistoryError).line).toBe(line);
  });
});

function ednOf(value: Json): string {
  if (value === null) return "nil";
  // Whole numbers that are not safe become texts.
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return JSON.stringify(value).replace(/^-?\d+$/, "$&.0");
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as Json[]).map(ednOf).join(" ")}]`;
  return `{${Object.entries(value)
    .map(([name, each]) => `${JSON.stringify(name)} ${ednOf(each)}`)
    .join(", ")}}`;
}
