/** Anomalies of registers by name, each from the smallest history that has it. */
import { describe, expect, it } from "vitest";
import type { AnalysisOptions } from "../../../checkers/analysis.ts";
import { rwRegister } from "../../../checkers/elle/rw-register.ts";
import { overlapping } from "./txn-history.ts";

const PLANTED: readonly [name: string, lines: readonly string[], all?: readonly string[], options?: AnalysisOptions][] =
  [
    ["G1c", ["r x1 w x2 w y2", "r y2 w y1 w x1"], ["G1c"]],
    ["G1a", ["fail w x1", "r x1"]],
    ["G1b", ["w x1 w x2", "r x1"]],
    ["G1c", ["w x1 r y1", "w y1 r x1"]],
    ["G-single", ["r xN r y1", "w x1 w y1"]],
    ["G-single", ["w x1 w y1", "r x1 w x2 w y2", "r x2 r yN"]],
    ["G-nonadjacent", ["w x1", "w y1", "r x1 r yN", "r xN r y1"]],
    ["G2-item", ["r xN w y1", "r yN w x1"]],
    ["lost-update", ["w x1", "r x1 w x2", "r x1 w x3"], ["lost-update"]],
    ["internal", ["w x1", "w x2 r x1"]],
    ["future-read", ["r x1 w x1"]],
    ["garbage-read", ["w x1 r y2"]],
    ["G-single-realtime", ["w x1", "|", "r xN"]],
    ["G-single-process", ["p0 w x1", "|", "p0 r xN"], ["G-single-process", "read-your-writes-violation"]],
    ["G-single-realtime", ["w x1", "|", "w x2", "|", "r x1"]],
    [
      "cyclic-versions",
      ["w x1", "|", "w x2", "|", "r x1"],
      ["cyclic-versions"],
      { linearizableKeys: true, consistencyModel: "read-uncommitted" },
    ],
    ["G-single-realtime", ["w x1", "|", "w x2 w y1", "w y2", "|", "r y1 w y3 r x1"]],
    ["G0", ["r x1 w x2 w y2", "r y2 w y1 w x1"], ["G0"], { wfrKeys: true }],
  ];

describe("rw-register", () => {
  it.each(PLANTED)("finds %s in %j", (name, lines, all = [name], options = {}) => {
    const found = rwRegister(overlapping(...lines), options);
    expect([found.valid, Object.keys(found.anomalies).sort()], found.reason).toEqual([false, [...all].sort()]);
  });
});
