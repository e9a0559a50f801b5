/** `redquake check FILE --model NAME` in a folder where there is nothing else, as the README has it. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../../../machine/package-root.ts";
import type { Answer } from "../../in-process.ts";
import { commandLine } from "../../in-process.ts";
import { leftOpen, redquake, startRedquake } from "../../redquake.ts";

const REGISTER = [
  { process: 0, type: "invoke", f: "write", value: 1 },
  { process: 0, type: "ok", f: "write", value: 1 },
  { process: 1, type: "invoke", f: "read", value: null },
  { process: 2, type: "invoke", f: "write", value: 2 },
  { process: 1, type: "ok", f: "read", value: 2 },
  { process: 2, type: "info", f: "write", value: 2 },
];
const STALE = [
  ...REGISTER,
  { process: 1, type: "invoke", f: "read", value: null },
  { process: 1, type: "ok", f: "read", value: 1 },
];
const TXN = `; as Jepsen writes it
[{:process 0, :type :invoke, :f :txn, :value [[:append :x 1] [:r :y nil]], :time 1}
 {:process 1, :type :invoke, :f :txn, :value [[:append :y 1] [:r :x nil]], :time 2}
 {:process :nemesis, :type :info, :f :start, :value [:isolated {"n1" #{"n2"}}], :time 3}
 {:process 0, :type :ok, :f :txn, :value [[:append :x 1] [:r :y [1]]], :time 4}
 {:process 1, :type :ok, :f :txn, :value [[:append :y 1] [:r :x [1]]], :time 5}]`;

function lines(events: readonly object[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

function keyed(events: readonly { readonly value: unknown }[], key: string): object[] {
  return events.map((event) => ({ ...event, value: [key, event.value] }));
}

let folder: string;
const files: Readonly<Record<string, string | Buffer>> = {
  "good.jsonl": lines(REGISTER),
  "stale.jsonl": lines(STALE),
  "keyed.jsonl": lines([
    ...keyed(REGISTER, "a"),
    ...keyed(
      STALE.map((event) => ({ ...event, process: event.process + 10 })),
      "b",
    ),
  ]),
  "starts-at-3.jsonl": lines([
    { process: 0, type: "invoke", f: "cas", value: [3, 4] },
    { process: 0, type: "ok", f: "cas", value: [3, 4] },
  ]),
  "stale.jsonl.gz": gzipSync(lines(STALE)),
  "good.jsonl.zst": zstdCompressSync(lines(REGISTER)),
  "txn.edn": TXN,
  "cut.jsonl": `${lines(REGISTER)}{"process":7,"ty`,
  "damaged.jsonl": `${lines(REGISTER)}{"process":7,"ty\n`,
  "reused.jsonl": lines([REGISTER[0] ?? {}, REGISTER[0] ?? {}]),
  "empty.jsonl": "",
  "failed.jsonl": lines([
    { process: 0, type: "invoke", f: "write", value: 1 },
    { process: 0, type: "fail", f: "write", value: 1, error: ["not-found", "lease"] },
    { process: 1, type: "invoke", f: "read", value: null },
    { process: 1, type: "info", f: "read", value: null, error: null },
  ]),
  "other-shape.jsonl": lines([
    { process: 0, type: "invoke", f: "write", value: "a" },
    { process: 0, type: "ok", f: "write", value: { value: "a", version: 1 } },
    { process: 2, type: "invoke", f: "read", value: null },
    { process: 2, type: "ok", f: "read", value: { value: "a", version: 1 } },
  ]),
  "damaged.edn": "{:process 0, :type :invoke, :f :read, :value nil}\n{:process 0, :type :okay, :f :read}\n",
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "check-test-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
});
afterAll(() => rmSync(folder, { recursive: true }));

function check(...args: string[]): Promise<Answer> {
  return commandLine(["check", ...args], folder);
}

interface Line {
  readonly [field: string]: unknown;
}

function asLines(stdout: string): Line[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

describe("check FILE --model", () => {
  it("prints one JSON line for each file, with these fields and no others", async () => {
    const { code, stdout, stderr } = await redquake(
      ["check", "good.jsonl", "stale.jsonl", "--model", "register", "--json"],
      { cwd: folder },
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const [good, stale] = asLines(stdout);
    expect(Object.keys(good ?? {})).toEqual(
      "file model valid operations milliseconds algorithm anomalies not witness reason".split(" "),
    );
    expect(good).toMatchObject({
      file: "good.jsonl",
      model: "register",
      valid: true,
      operations: 3,
      anomalies: {},
      not: [],
      witness: [],
    });
    expect(stale).toMatchObject({
      file: "stale.jsonl",
      valid: false,
      operations: 4,
      not: ["linearizable"],
      witness: [0, 1, 2, 3, 4, 5, 6, 7],
    });
    expect(stale).toMatchObject({
      anomalies: { nonlinearizable: [{ events: stale?.["witness"], sentence: stale?.["reason"] }] },
    });
  });

  it.each<[string, readonly string[], number, RegExp]>([
    [
      "a valid history",
      ["good.jsonl", "--model", "register"],
      0,
      /^good.jsonl: holds: .* \(3 operations, \d+ ms, .*\)\n$/,
    ],
    [
      "a broken one, with its witness",
      ["stale.jsonl", "--model", "register"],
      1,
      /^stale.jsonl: broken: .*read → 1[^]*nonlinearizable\n[^]*line +process +operation\n +1 +0 +write 1[^]* 7 +1 +read → 1/,
    ],
    ["gzip", ["stale.jsonl.gz", "--model", "cas-register"], 1, /broken/],
    ["Zstandard", ["good.jsonl.zst", "--model", "register"], 0, /holds/],
    ["a start value", ["starts-at-3.jsonl", "--model", "cas-register", "--init", "3"], 0, /holds/],
    ["another start value", ["starts-at-3.jsonl", "--model", "cas-register", "--init", '"3"'], 1, /broken/],
    ["keys", ["keyed.jsonl", "--model", "register", "--by-key"], 1, /broken: [^]*"?b"?/],
    [
      "transactions in EDN",
      ["txn.edn", "--model", "list-append"],
      1,
      /broken: [^]*G1c[^]*T1[^]*T2[^]*not read-committed/,
    ],
    [
      "a weaker consistency model",
      ["txn.edn", "--model", "list-append", "--consistency-model", "read-uncommitted"],
      0,
      /holds/,
    ],
    ["a history without operations", ["empty.jsonl", "--model", "register"], 2, /vacuous: there are no operations/],
    [
      "one without success, whose errors are any JSON",
      ["failed.jsonl", "--model", "register"],
      2,
      /vacuous: none of the 2 operations is known to have succeeded/,
    ],
    ["a time limit", ["good.jsonl", "--model", "register", "--time-limit", "60s"], 0, /holds/],
    [
      "a checker of claims",
      ["stale.jsonl", "--model", "linearizable", "--options", '{"model":"register"}'],
      1,
      /broken/,
    ],
  ])("judges %s", async (_, args, code, wanted) => {
    const ended = await check(...args);
    expect(ended.stdout).toMatch(wanted);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: "" });
  });

  it("reads standard input, compressed or not, JSON or EDN", async () => {
    for (const input of [lines(STALE), gzipSync(lines(STALE))]) {
      const { code, stdout } = await redquake(["check", "-", "--model", "register", "--json"], { cwd: folder, input });
      expect(code).toBe(1);
      expect(asLines(stdout)).toMatchObject([{ file: "-", operations: 4 }]);
    }
    const { code } = await redquake(["check", "-", "--model", "list-append"], { cwd: folder, input: TXN });
    expect(code).toBe(1);
  });

  it("accepts a last line that was cut off, and says so", async () => {
    const { code, stderr } = await redquake(["check", "cut.jsonl", "--model", "register"], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toMatch(/cut.jsonl, line 7: the last line was cut off and is left out\n$/);
  });

  it.each<[string, readonly string[], RegExp]>([
    ["a damaged line", ["damaged.jsonl", "--model", "register"], /damaged.jsonl, line 7: .*JSON/],
    ["damaged EDN", ["damaged.edn", "--model", "register"], /damaged.edn, line 2: type is "okay"; it must be :invoke/],
    [
      "a process that is reused while open",
      ["reused.jsonl", "--model", "register"],
      /line 2: process 0 invokes write while its write of line 1 is still open/,
    ],
    [
      "an operation that the model does not know",
      ["stale.jsonl", "--model", "mutex"],
      /stale.jsonl, line 1: not a history for --model mutex: mutex does not know the operation "write"/,
    ],
    ["a value of another shape", ["stale.jsonl", "--model", "register", "--by-key"], /line 1: .*\[key, value\]/],
    [
      "values of two shapes",
      ["other-shape.jsonl", "--model", "register"],
      /line 2: .*write "a" is answered with .*the read of line 4 answers .*record values in one shape/,
    ],
    ["a file that is not there", ["nowhere.jsonl", "--model", "register"], /there is no file "nowhere.jsonl"/],
    ["a folder", [".", "--model", "register"], /"." is a folder/],
    [
      "a model that does not exist",
      ["good.jsonl", "--model", "registre"],
      /there is no model "registre" \(did you mean register\?\); --model is one of .*list-append/,
    ],
    [
      "a consistency model that does not exist",
      ["txn.edn", "--model", "list-append", "--consistency-model", "serialisable"],
      /serialisable/,
    ],
    [
      "an option of another model",
      ["good.jsonl", "--model", "register", "--consistency-model", "serializable"],
      /does not suit --model register: .*consistencyModel/,
    ],
    [
      "a start value that is no JSON",
      ["good.jsonl", "--model", "register", "--init", "three"],
      /--init.*It must be JSON/,
    ],
    [
      "a time limit without a unit",
      ["good.jsonl", "--model", "register", "--time-limit", "60"],
      /such as 500ms, 20s or 2m/,
    ],
    ["a file without a model", ["good.jsonl"], /nothing says what it should be: add --model, one of .*cas-register/],
    ["a flag of models without one", ["good.jsonl", "--by-key"], /--by-key belongs to a model/],
  ])("refuses %s", async (_, args, wanted) => {
    const { code, stdout, stderr } = await check(...args);
    expect(stderr).toMatch(wanted);
    expect({ code, stdout }).toEqual({ code: 254, stdout: "" });
  });

  it("judges the other files all the same when one is refused, and broken outranks all else", async () => {
    const files = ["damaged.jsonl", "good.jsonl"];
    const refused = await redquake(["check", ...files, "--model", "register", "--json"], { cwd: folder });
    expect(refused.code).toBe(254);
    expect(asLines(refused.stdout)).toMatchObject([{ file: "good.jsonl", valid: true }]);
    expect((await check("damaged.jsonl", "stale.jsonl", "--model", "register")).code).toBe(1);
  });

  it("is unknown when the time is up", async () => {
    writeFileSync(join(folder, "hard.jsonl"), hard());
    const { code, stdout } = await check("hard.jsonl", "--model", "multi-register", "--time-limit", "300ms", "--json");
    expect(code).toBe(2);
    expect(asLines(stdout)).toMatchObject([
      { valid: "unknown", reason: "300 ms were not enough to decide", witness: [] },
    ]);
  });

  it("is unknown when it is interrupted, while it reads or while it judges", async () => {
    const { child, ended } = startRedquake(["check", "-", "--model", "multi-register", "--json"], {
      cwd: folder,
      input: leftOpen,
    });
    const { stdin } = child;
    if (stdin === null) throw new Error("there is no standard input");
    // More than a pipe holds: when it is gone, somebody is reading.
    stdin.write(`${hard()}${"\n".repeat(1 << 20)}`);
    await once(stdin, "drain");
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(2);
    expect(asLines(stdout)).toMatchObject([
      { valid: "unknown", reason: expect.stringMatching(/^it was interrupted/) as string },
    ]);
    expect(stderr).toMatch(/SIGINT: ending the check/);
  });

  it("judges invariants with their options, and says what they counted", async () => {
    const queue = [
      { process: 0, type: "invoke", f: "enqueue", value: "a" },
      { process: 0, type: "ok", f: "enqueue", value: "a" },
    ];
    writeFileSync(join(folder, "queue.jsonl"), lines(queue));
    const judged = async (...more: string[]): Promise<Line[]> =>
      asLines((await check("queue.jsonl", "--model", "total-queue", "--json", ...more)).stdout);
    expect(await judged()).toMatchObject([{ valid: "unknown", figures: { attempts: 1, lost: 0 } }]);
    expect(await judged("--options", '{"drained":true}')).toMatchObject([
      { valid: false, anomalies: { lost: [{ events: [0, 1] }] }, figures: { lost: 1 } },
    ]);
  });

  it("takes texts by key with --by-key and without", async () => {
    const lines = [
      '{"process":0,"type":"invoke","f":"append","value":["a","x"]}',
      '{"process":0,"type":"ok","f":"append","value":["a","x"]}',
      '{"process":1,"type":"invoke","f":"get","value":["a",null]}',
      '{"process":1,"type":"ok","f":"get","value":["a","y"]}',
    ];
    writeFileSync(join(folder, "texts.jsonl"), lines.join("\n"));
    for (const more of [[], ["--by-key"]]) {
      const { code, stdout } = await check("texts.jsonl", "--model", "key-value", "--json", ...more);
      expect(code).toBe(1);
      expect(asLines(stdout)).toMatchObject([{ valid: false, operations: 2, witness: [2, 3] }]);
    }
  });

  it("does what the documentation shows", async () => {
    const page = readFileSync(join(packageRoot, "docs/checkers.md"), "utf8");
    const [, history = ""] = /```jsonl try\.jsonl\n([^]*?)```/.exec(page) ?? [];
    const [, command = "", shown = ""] = /```console\n\$ redquake (check try\.jsonl.*)\n([^]*?)```/.exec(page) ?? [];
    writeFileSync(join(folder, "try.jsonl"), history);
    const { code, stdout } = await redquake(command.split(" "), { cwd: folder });
    expect(code).toBe(1);
    expect(withoutTimes(stdout)).toBe(withoutTimes(shown));
  });
});

function withoutTimes(text: string): string {
  return text.replaceAll(/\d+ ms/g, "0 ms").trim();
}

/** Many transactions at once, and a read of what none of them wrote: nobody decides this soon. */
function hard(): string {
  const of = (process: number, value: unknown): object[] =>
    ["invoke", "ok"].map((type) => ({ process, type, f: "txn", value }));
  const writes = Array.from({ length: 40 }, (_, i) =>
    of(i, [
      ["w", "x", i],
      ["w", "y", -i],
    ]),
  );
  return lines([
    ...writes.map(([invoke]) => invoke ?? {}),
    ...writes.map(([, ok]) => ok ?? {}),
    ...of(40, [["r", "x", 99]]),
  ]);
}
