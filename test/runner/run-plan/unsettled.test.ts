/** A system that does not come back after everything has healed: the run goes on to its end, and is judged. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { campaigns } from "../../../campaigns/index.ts";
import { judge } from "../../../checkers/judge/judge.ts";
import { phaseOf, unsettledIn } from "../../../history/nemesis-event.ts";
import type { FaultPlan, Plan, SystemPlan } from "../../../history/plan.ts";
import { readHistory } from "../../../history/read.ts";
import { electionWarning } from "../../../runner/plan/election-warning.ts";
import type { Progress } from "../../../runner/progress.ts";
import { runPlan } from "../../../runner/run-plan.ts";

const KILL: FaultPlan = { id: "kill", kind: "kill", options: { target: "n1" }, start: { afterMs: 500 } };

const PLAN: Plan = {
  version: 1,
  campaign: "test",
  title: "A Cluster that cannot elect",
  description: "One of two primaries is killed.",
  seed: 5,
  system: { kind: "cluster", options: { primaries: 2, nodeTimeoutMs: 500 } },
  workload: "set",
  options: { keys: ["{a}:1", "{b}:1", "{c}:1"], commandTimeoutMs: 200 },
  profile: "raw",
  workers: [
    { name: "w1", role: "adder", seed: 1, options: {} },
    { name: "reader", role: "reader", seed: 3, options: {} },
  ],
  loadMs: 6_000,
  settleMs: 0,
  faults: [KILL],
  claims: [
    {
      id: "available",
      statement: "Service comes back in time.",
      standing: "promised",
      source: "a Cluster that elects",
      checker: "availability",
      options: { f: ["add"], boundMs: 2_000, afterFault: "kill" },
    },
    {
      id: "refused",
      statement: "What was refused is not there.",
      standing: "promised",
      source: "a Cluster that elects",
      checker: "set-survival",
      options: { property: "refused-absent" },
    },
  ],
};

describe("a Cluster of two primaries that loses one", () => {
  it("is warned about, is seen to be down, and is judged", { timeout: 180_000 }, async () => {
    const results = mkdtempSync(join(tmpdir(), "test-results-"));
    const notes: string[] = [];
    const { folder, cutShort } = await runPlan(PLAN, {
      results,
      host: "process",
      redis: undefined,
      commandLine: "redquake replay",
      observer: (progress: Progress) => void (progress.kind === "note" && notes.push(progress.text)),
      signal: new AbortController().signal,
    });
    expect(cutShort).toBeUndefined();
    expect(notes[0]).toBe(
      'warning: a Cluster of 2 primaries has no majority of them left when one is gone, so nobody is elected in its place when the fault "kill" takes one away: ' +
        "nothing may work then until the fault has healed, or ever after; give it primaries: 3, or leave the fault out",
    );
    const { history } = await readHistory(join(folder, "history.jsonl"));
    expect(
      history.nemesis
        .map(phaseOf)
        .filter((phase) => phase !== undefined)
        .slice(-3),
    ).toEqual(["settle", "final", "stop"]);
    const [unsettled] = history.nemesis.flatMap((event) => unsettledIn(event) ?? []);
    expect(unsettled).toMatchObject({ waitedFor: "the cluster to be whole" });
    expect(unsettled?.waitedMs).toBeGreaterThanOrEqual(30_000);
    expect(unsettled?.saw).toMatch(/n1 says cluster_state:fail and knows nobody else; n2 says cluster_state:fail/);
    const verdict = judge(PLAN, history);
    expect(verdict.claims.map(({ result }) => result.verdict)).toEqual(["broken", "unknown"]);
    expect(verdict.outcome).toBe("failed");
    expect(verdict.doubts).toContainEqual(
      expect.stringMatching(
        /^After everything had been healed, the run waited 3\S+ s in vain for the cluster to be whole: n1 says/,
      ),
    );
    rmSync(results, { recursive: true });
  });
});

describe("the warning", () => {
  const warning = (system: SystemPlan, faults: readonly FaultPlan[] = [KILL]): string | undefined =>
    electionWarning({ ...PLAN, system, faults });
  const struck = (...target: string[]): FaultPlan => ({ ...KILL, options: { target } });

  it.each([
    [{ kind: "cluster", options: { primaries: 1 } } as const, "a Cluster of 1 primary has no majority"],
    [{ kind: "cluster", options: { replicasEach: 0 } } as const, "no primary of the Cluster has a replica"],
    [{ kind: "sentinel", options: { replicas: 0 } } as const, "the primary has no replica"],
    [{ kind: "sentinel", options: { sentinels: 0 } } as const, "there is no sentinel"],
    [{ kind: "etcd", options: { nodes: 2 } } as const, "two members have no majority"],
  ])("of %j says why, and what to do", (system, why) => {
    expect(warning(system)).toMatch(
      new RegExp(`^${why}.* the fault "kill" takes one away: .*; give .*, or leave the fault out$`),
    );
  });

  it("counts the sentinels that the plan takes away", () => {
    const sentinel: SystemPlan = { kind: "sentinel", options: {} };
    expect(warning(sentinel, [struck("n1", "s1", "s2")])).toMatch(/leave 1 of 3 sentinels, which is no majority/);
    expect(warning(sentinel, [struck("n1", "s1")])).toBeUndefined();
    expect(warning(sentinel, [struck("s1", "s2")])).toBeUndefined();
  });

  it("is not given where nobody needs an election, or somebody can be elected", () => {
    const two: SystemPlan = { kind: "cluster", options: { primaries: 2 } };
    expect(warning(two, [])).toBeUndefined();
    expect(warning(two, [struck("w1", "one of replicas")])).toBeUndefined();
    expect(warning({ kind: "cluster", options: {} })).toBeUndefined();
    expect(warning({ kind: "single", options: {} })).toBeUndefined();
    expect(campaigns.flatMap((campaign) => electionWarning(campaign.plan(1)) ?? [])).toEqual([]);
  });
});
