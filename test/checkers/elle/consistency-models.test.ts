/** What rules out what: the lattice of consistency models. */
import { describe, expect, it } from "vitest";
import {
  consistencyModel,
  CONSISTENCY_MODELS,
  ruledOutBy,
  weakest,
} from "../../../checkers/elle/consistency-models.ts";

describe("an anomaly", () => {
  it.each([
    ["G0", ["read-uncommitted"]],
    ["G1a", ["read-committed"]],
    ["G1b", ["read-committed"]],
    ["G1c", ["read-committed"]],
    ["lost-update", ["cursor-stability", "update-atomic"]],
    ["internal", ["read-atomic"]],
    ["G-single", ["consistent-view", "repeatable-read"]],
    ["G-nonadjacent", ["repeatable-read", "snapshot-isolation"]],
    ["G2-item", ["repeatable-read"]],
    ["G0-process", ["strong-session-read-uncommitted"]],
    ["G1c-process", ["strong-session-read-committed"]],
    ["G-single-process", ["strong-session-snapshot-isolation"]],
    ["G2-item-process", ["strong-session-serializable"]],
    ["G0-realtime", ["strong-read-uncommitted"]],
    ["G1c-realtime", ["strong-read-committed"]],
    ["G-single-realtime", ["strong-snapshot-isolation"]],
    ["G2-item-realtime", ["strict-serializable"]],
    ["monotonic-reads-violation", ["monotonic-reads"]],
    ["garbage-read", ["read-uncommitted"]],
  ])("%s rules out %j, and nothing weaker", (name, expected) => {
    expect(weakest(ruledOutBy(name)).sort()).toEqual([...expected].sort());
  });

  it("rules out strict serializability, whatever it is", () => {
    for (const name of [
      "G0",
      "G1a",
      "G2-item",
      "G2-item-process",
      "G2-item-realtime",
      "internal",
      "lost-update",
      "future-read",
      "incompatible-order",
      "dirty-update",
      "cyclic-versions",
      "writes-follow-reads-violation",
    ])
      expect(ruledOutBy(name).has("strict-serializable"), name).toBe(true);
  });

  it("of real time rules out no model without it", () => {
    expect([...ruledOutBy("G2-item-realtime")]).toEqual(["strict-serializable"]);
    expect(ruledOutBy("G-single-realtime").has("strong-session-serializable")).toBe(false);
    expect(ruledOutBy("G-single-process").has("serializable")).toBe(false);
  });

  it("that allows snapshot isolation is write skew", () => {
    expect(ruledOutBy("G2-item").has("snapshot-isolation")).toBe(false);
    expect(ruledOutBy("lost-update").has("snapshot-isolation")).toBe(true);
  });
});

describe("the names of models", () => {
  it("have others beside them", () => {
    expect(["PL-1", "PL-2", "PL-2+", "PL-SI", "PL-3", "strong-serializable"].map(consistencyModel)).toEqual([
      "read-uncommitted",
      "read-committed",
      "consistent-view",
      "snapshot-isolation",
      "serializable",
      "strict-serializable",
    ]);
    for (const model of CONSISTENCY_MODELS) expect(consistencyModel(model)).toBe(model);
  });

  it.each([undefined, 7, "toString", "serialisable"])("are not %j", (name) => {
    expect(() => consistencyModel(name)).toThrow(/it must be one of read-uncommitted, read-committed/);
  });
});
