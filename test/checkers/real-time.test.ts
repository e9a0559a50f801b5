/**
 * What comes before what in real time, as docs/history.md has it: by `time`, and where times are equal or missing, by
 * the lines.
 */
import { describe, expect, it } from "vitest";
import { MODELS } from "../../checkers/models.ts";
import { columnsOf } from "../../history/columns/columns.ts";
import { parseHistory } from "../../history/read.ts";

const REGISTER = {
  model: "register",
  write: { f: "write", value: 1 },
  written: { f: "write", value: 1 },
  read: { f: "read", value: null },
  found: { f: "read", value: null },
};
const LISTS = {
  model: "list-append",
  write: { f: "txn", value: [["append", "x", 1]] },
  written: { f: "txn", value: [["append", "x", 1]] },
  read: { f: "txn", value: [["r", "x", null]] },
  found: { f: "txn", value: [["r", "x", []]] },
  /** Shows that the append happened. */
  later: { f: "txn", value: [["r", "x", [1]]] },
};

type Order = "written first" | "read first";

/** A read that does not find what was written, invoked about when the write completed. */
function judged(about: typeof REGISTER | typeof LISTS, order: Order, times: readonly number[] | undefined): unknown {
  const written = { process: 0, type: "ok", ...about.written };
  const read = { process: 1, type: "invoke", ...about.read };
  const events = [
    { process: 0, type: "invoke", ...about.write },
    ...(order === "written first" ? [written, read] : [read, written]),
    { process: 1, type: "ok", ...about.found },
    ...("later" in about
      ? [
          { process: 2, type: "invoke", ...about.read },
          { process: 2, type: "ok", ...about.later },
        ]
      : []),
  ];
  const text = events.map((event, i) => JSON.stringify(times === undefined ? event : { time: times[i], ...event }));
  const { history } = parseHistory(text.join("\n"));
  return MODELS.get(about.model)?.(columnsOf(history), {}).valid;
}

describe.each([REGISTER, LISTS])("$model", (about) => {
  it.each([
    ["no times", undefined],
    ["equal times", [7, 7, 7, 7, 7, 7]],
    ["rising times", [1, 2, 3, 4, 5, 6]],
  ])("goes by the order of the lines with %s", (_, times) => {
    expect(judged(about, "written first", times)).toBe(false);
    expect(judged(about, "read first", times)).toBe(true);
  });

  it("goes by the times where they differ", () => {
    expect(judged(about, "written first", [1, 3, 2, 4, 5, 6])).toBe(true);
    expect(judged(about, "read first", [1, 3, 2, 4, 5, 6])).toBe(false);
  });
});
