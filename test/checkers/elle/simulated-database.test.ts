/** No false alarm on databases that keep their promise, and the right names for what others do. */
import { describe, expect, it } from "vitest";
import { listAppend } from "../../../checkers/elle/list-append.ts";
import { rwRegister } from "../../../checkers/elle/rw-register.ts";
import type { Database } from "./simulated-database.ts";
import { simulate } from "./simulated-database.ts";
import { columnsOfTxns } from "./txn-history.ts";

const SEEDS = Number(process.env["REDQUAKE_ORACLE_RUNS"] ?? 200);
const SKEW = ["G2-item", "G2-item-process", "G2-item-realtime"];
const ORDER = /-(?:process|realtime|violation)$|^cyclic-versions$/;

describe.each(["list", "register"] as const)("a simulated database of %ss", (sort) => {
  const analyze = sort === "list" ? listAppend : rwRegister;

  /** All anomalies of many histories, counted; no verdict may be true by having seen nothing. */
  function anomalies(
    database: Omit<Database, "sort" | "seed" | "transactions">,
    consistencyModel: string,
  ): Map<string, number> {
    const found = new Map<string, number>();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const events = simulate({ ...database, sort, transactions: 20 + (seed % 130), seed });
      const analysis = analyze(columnsOfTxns(events), { consistencyModel });
      if (analysis.valid === "unknown") expect(analysis.reason).toContain("empty-transaction-graph");
      for (const name of Object.keys(analysis.anomalies)) found.set(name, (found.get(name) ?? 0) + 1);
    }
    return found;
  }

  it("that is strict-serializable has no anomaly, even with lost acknowledgements", () => {
    expect(anomalies({ isolation: "strict" }, "strict-serializable")).toEqual(new Map());
  });

  it("with snapshot isolation has write skew and nothing else", () => {
    expect(anomalies({ isolation: "snapshot" }, "strong-snapshot-isolation")).toEqual(new Map());
    const found = anomalies({ isolation: "snapshot" }, "strict-serializable");
    expect([...found.keys()].filter((name) => !SKEW.includes(name))).toEqual([]);
    expect(SKEW.reduce((sum, name) => sum + (found.get(name) ?? 0), 0)).toBeGreaterThan(SEEDS / 10);
  });

  it("with read committed has what that allows", () => {
    expect(anomalies({ isolation: "read-committed" }, "read-committed")).toEqual(new Map());
    const found = anomalies({ isolation: "read-committed" }, "serializable");
    for (const name of ["lost-update", "G-single"]) expect(found.get(name), name).toBeGreaterThan(SEEDS / 10);
    const never = [
      "G0",
      "G1a",
      "G1b",
      "G1c",
      "garbage-read",
      "dirty-update",
      "duplicate-elements",
      "incompatible-order",
      "future-read",
    ];
    expect(never.filter((name) => found.has(name))).toEqual([]);
  });

  it("with a stale replica is serializable, and breaks only promises about order", () => {
    expect(anomalies({ isolation: "stale-replica" }, "serializable")).toEqual(new Map());
    const found = anomalies({ isolation: "stale-replica" }, "strict-serializable");
    expect([...found.keys()].filter((name) => !ORDER.test(name))).toEqual([]);
    expect(found.get("G-single-realtime")).toBeGreaterThan(SEEDS / 20);
  });

  it("that applies what it reports as failed has aborted reads", () => {
    const found = anomalies({ isolation: "strict", ghosts: true }, "read-committed");
    expect(found.get("G1a")).toBeGreaterThan(SEEDS / 2);
    expect([...found.keys()].filter((name) => !["G1a", "dirty-update"].includes(name))).toEqual([]);
  });
});
