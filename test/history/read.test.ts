import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { HistoryError } from "../../history/history-error.ts";
import { formatLine } from "../../history/line.ts";
import { parseHistory, readHistory } from "../../history/read.ts";
import { arbitraryLocks } from "../checkers/arbitrary-locks.ts";

const INVOKE = `{"time":10,"process":0,"type":"invoke","f":"read","value":null}`;
const OK = `{"time":20,"process":0,"type":"ok","f":"read","value":3}`;

function lines(...texts: string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

function errorOf(text: string): HistoryError {
  try {
    parseHistory(text, "h.jsonl");
  } catch (error) {
    if (error instanceof HistoryError) return error;
    throw error;
  }
  throw new Error("the history was accepted");
}

describe("reading a history", () => {
  it("gives back what was written, whatever the order of the processes' lines in the file", () => {
    fc.assert(
      fc.property(arbitraryLocks({ faults: true, log: true }), fc.infiniteStream(fc.nat(9)), (history, dice) => {
        const queues = [...Map.groupBy(history.events, ({ process }) => process).values()].map((events) => [...events]);
        const shuffled: string[] = [];
        while (queues.some((queue) => queue.length > 0)) {
          const waiting = queues.filter((queue) => queue.length > 0);
          const event = waiting[dice.next().value % waiting.length]?.shift();
          if (event !== undefined) shuffled.push(formatLine(event));
        }
        const read = parseHistory(lines(...shuffled));
        expect(read.warnings).toEqual([]);
        expect(read.history.events.map(({ time }) => time)).toEqual(history.events.map(({ time }) => time));
        expect(read.history.operations.length).toBe(history.operations.length);
        for (const process of new Set(history.events.map((event) => event.process))) {
          const own = (events: readonly { process: unknown; value: unknown }[]): unknown[] =>
            events.filter((event) => event.process === process).map(({ value }) => value);
          expect(own(read.history.events)).toEqual(own(history.events));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("reads a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "redquake-history-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "history.jsonl");
    await writeFile(file, lines(INVOKE, OK));
    const { history } = await readHistory(file);
    expect(history.operations).toHaveLength(1);
    expect(history.events.map(({ index }) => index)).toEqual([0, 1]);
  });

  it("takes the order of the lines where there are no times", () => {
    const { history } = parseHistory(
      lines(
        `{"process":7,"type":"invoke","f":"read"}`,
        "",
        `{"process":7,"type":"fail","f":"read","value":null,"other":1}`,
      ),
    );
    expect(history.events).toEqual([
      { index: 0, time: 0, process: 7, type: "invoke", f: "read", value: null },
      { index: 1, time: 1, process: 7, type: "fail", f: "read", value: null },
    ]);
  });

  it("leaves out a last line that was cut off, and says so", () => {
    for (let length = 1; length < OK.length; length += 1) {
      const { history, warnings } = parseHistory(lines(INVOKE) + OK.slice(0, length), "h.jsonl");
      expect(history.events).toHaveLength(1);
      expect(warnings).toEqual(["h.jsonl, line 2: the last line was cut off and is left out"]);
    }
    expect(parseHistory(lines(INVOKE) + OK).history.events).toHaveLength(2);
  });

  it.each([
    ["is no JSON", lines(INVOKE, OK.slice(0, 20), OK), 2, /JSON/],
    ["is cut off but was ended", lines(INVOKE, OK.slice(0, 20)), 2, /JSON/],
    ["is no object", lines("[1]"), 1, /an event is a JSON object, not \[1\]/],
    ["is complete but wrong, at the end of the file", lines(INVOKE) + "7", 2, /an event is a JSON object, not 7/],
    ["has no process", lines(`{"type":"ok","f":"read"}`), 1, /process is missing; it must be an integer, or "nemesis"/],
    [
      "has an unknown type",
      lines(`{"process":1,"type":"okay","f":"read"}`),
      1,
      /type is "okay"; it must be invoke, ok, fail or info/,
    ],
    ["has no f", lines(`{"process":1,"type":"invoke"}`), 1, /f is missing/],
    ["has a time before the start", lines(`{"time":-1,"process":1,"type":"invoke","f":"read"}`), 1, /time is -1/],
    ["has a worker that is no text", lines(`{"process":1,"type":"invoke","f":"read","worker":3}`), 1, /worker is 3/],
    ["completes what was not invoked", lines(OK), 1, /process 0 completes read without having invoked it/],
    [
      "completes something else",
      lines(INVOKE, OK.replace("read", "write")),
      2,
      /completes write, but invoked read in line 1/,
    ],
    ["invokes twice", lines(INVOKE, INVOKE), 2, /invokes read while its read of line 1 is still open/],
    [
      "acts after an info",
      lines(INVOKE, OK.replace("ok", "info"), INVOKE.replace("10", "30")),
      3,
      /acts after the info of line 2/,
    ],
    [
      "goes back in time",
      lines(INVOKE, OK.replace("20", "5")),
      2,
      /process 0 has time 5, but its line 1 before has 10/,
    ],
    [
      "has no time though others have",
      lines(INVOKE, `{"process":1,"type":"invoke","f":"read"}`),
      2,
      /give every event a time, or none/,
    ],
    [
      "repeats an index",
      lines(`{"index":4,"process":1,"type":"invoke","f":"r"}`, `{"index":4,"process":2,"type":"invoke","f":"r"}`),
      2,
      /index 4 is already that of line 1/,
    ],
    [
      "has an index out of order",
      lines(`{"index":4,"process":1,"type":"invoke","f":"r"}`, `{"index":3,"process":2,"type":"invoke","f":"r"}`),
      2,
      /index 3 comes after 4/,
    ],
    [
      "is of a phase that does not exist",
      lines(`{"process":"nemesis","type":"info","f":"phase","value":{"phase":"loud"}}`),
      1,
      /value of a phase/,
    ],
    [
      "is of a fault without a title",
      lines(`{"process":"nemesis","type":"info","f":"pause","value":{"fault":"p","stage":"inject","target":[]}}`),
      1,
      /title is missing/,
    ],
    [
      "is of a stage that does not exist",
      lines(
        `{"process":"nemesis","type":"info","f":"pause","value":{"fault":"p","stage":"on","target":[],"title":""}}`,
      ),
      1,
      /stage is "on"/,
    ],
  ] as const)("refuses a line that %s, and names it", (_, text, line, message) => {
    const error = errorOf(text);
    expect(error.line).toBe(line);
    expect(error.message).toMatch(/^h\.jsonl, line \d+: /);
    expect(error.message).toMatch(message);
  });
});
