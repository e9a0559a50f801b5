/** Anomalies of lists by name, each from the smallest history that has it. */
import { describe, expect, it } from "vitest";
import { listAppend } from "../../../checkers/elle/list-append.ts";
import { overlapping } from "./txn-history.ts";

const PLANTED: readonly [name: string, lines: readonly string[], all?: readonly string[]][] = [
  ["G0", ["a x1 a y1", "a x2 a y2", "r x[1,2] r y[2,1]"]],
  ["G1a", ["fail a x1", "r x[1]"]],
  ["G1b", ["a x1 a x2", "r x[1]", "r x[1,2]"]],
  ["G1c", ["a x1 r y[1]", "a y1 r x[1]"]],
  ["G-single", ["r x[] r y[1]", "a x1 a y1", "r x[1]"]],
  ["G-nonadjacent", ["a x1", "a y1", "r x[1] r y[]", "r x[] r y[1]"]],
  ["G2-item", ["r x[] a y1", "r y[] a x1"]],
  ["lost-update", ["r x[] a x1", "r x[] a x2"], ["lost-update", "G2-item"]],
  ["dirty-update", ["fail a x1", "a x2", "r x[1,2]"], ["G1a", "dirty-update"]],
  ["internal", ["r x[] a x1 r x[]"]],
  ["future-read", ["r x[1] a x1"]],
  ["G-single-realtime", ["a x1", "|", "r x[]"]],
  ["G-single-process", ["p0 a x1", "|", "p0 r x[]"], ["G-single-process", "read-your-writes-violation"]],
  ["incompatible-order", ["a x1", "a x2", "r x[1,2]", "r x[2,1]"]],
  ["duplicate-elements", ["a x1", "r x[1,1]"]],
  ["garbage-read", ["r x[9]"]],
  ["garbage-read", ["a x1", "r x[9,1]"]],
];

describe("list-append", () => {
  it.each(PLANTED)("finds %s in %j", (name, lines, all = [name]) => {
    const found = listAppend(overlapping(...lines), {});
    expect(found.valid, found.reason).toBe(false);
    expect(Object.keys(found.anomalies).sort()).toEqual([...all].sort());
  });
});
