/**
 * Registers on a real Cluster without faults: every node is written to, and nothing is lost, stale or refused and yet
 * there.
 */
import { expect, it } from "vitest";
import { judge } from "../../../checkers/judge/judge.ts";
import type { Claim, Plan } from "../../../history/plan.ts";
import { historyOfPlan } from "../../support/history-of-plan.ts";

const KEYS = ["a", "b", "c", "d", "e", "f"].map((letter) => `register:${letter}`);

const claim = (property: string): Claim => ({
  id: property,
  statement: property,
  standing: "promised",
  source: "a Cluster without faults",
  checker: "register-survival",
  options: { property },
});

const PLAN: Plan = {
  version: 1,
  campaign: "test",
  title: "Registers on a Cluster",
  description: "Two writers, each with keys of its own on all primaries.",
  seed: 5,
  system: { kind: "cluster", options: {} },
  workload: "register",
  options: { allKeys: KEYS },
  profile: "raw",
  workers: [
    { name: "w1", role: "client", seed: 1, options: { keys: KEYS.slice(0, 3) } },
    { name: "w2", role: "client", seed: 2, options: { keys: KEYS.slice(3) } },
    { name: "reader", role: "reader", seed: 3, options: {} },
  ],
  loadMs: 500,
  settleMs: 0,
  faults: [],
  claims: [claim("acknowledged-survive"), claim("no-stale-read")],
};

it("keeps what was acknowledged on every primary", async () => {
  const history = await historyOfPlan(PLAN);
  const verdict = judge(PLAN, history);
  expect(verdict.doubts).toEqual([]);
  expect(verdict.claims.map(({ result }) => result.verdict)).toEqual(["holds", "holds"]);
  const writes = history.operations.filter(({ f, completion }) => f === "write" && completion?.type === "ok");
  expect(new Set(writes.map(({ completion }) => completion?.node))).toEqual(new Set(["n1", "n2", "n3"]));
});
