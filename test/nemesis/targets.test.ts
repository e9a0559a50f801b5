/** What the words of a plan mean on real servers, and faults that strike several targets at once. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NoTargetError } from "../../nemesis/fault.ts";
import type { FaultContext } from "../../nemesis/fault.ts";
import { resolveNames } from "../../nemesis/targets.ts";
import { openFaultContext } from "../support/fault-context.ts";
import { prepare, roundTrip } from "../support/round-trip.ts";

const FIVE = ["n1", "n2", "n3", "n4", "n5"];

describe("the words of a target", () => {
  it("mean groups and parts of them", async () => {
    await using test = await openFaultContext({ nodes: FIVE, sentinels: ["s1", "s2"], clients: ["w1", "w2"] });
    const { context } = test;
    const names = (...words: string[]): Promise<string[]> => resolveNames(context, words);
    expect(await names("servers")).toEqual(FIVE);
    expect(await names("nodes")).toEqual([...FIVE, "s1", "s2"]);
    expect(await names("sentinels", "w2")).toEqual(["s1", "s2", "w2"]);
    expect(await names("primary", "primaries")).toEqual(["n1"]);
    expect(await names("replicas")).toEqual(["n2", "n3", "n4", "n5"]);
    expect(await names("all of workers")).toEqual(["w1", "w2"]);
    await expect(names("minority of sentinels")).rejects.toThrow("a minority of 2 sentinels is nobody");
    await expect(names("most of nodes")).rejects.toThrow(/"most of nodes", which is neither a node nor a worker/);
    await expect(names("owner")).rejects.toThrow(/owner:KEY/);
    await expect(names("owner:a")).rejects.toThrow(/are no Cluster/);
    await expect(names("leader-sentinel")).rejects.toThrow(NoTargetError);
    await expect(names("holder")).rejects.toThrow("nobody holds a lock");
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => {
        const [one, minority, majority] = await Promise.all(
          ["one", "minority", "majority"].map((part) => resolveNames(context, [part], seed)),
        );
        expect([one?.length, minority?.length, majority?.length]).toEqual([1, 2, 3]);
        expect(await resolveNames(context, ["majority"], seed)).toEqual(majority);
      }),
      { numRuns: 50 },
    );
  });

  it("draw every node some time", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2", "n3"], clients: [] });
    const drawn = await Promise.all(
      Array.from({ length: 60 }, (_, seed) => resolveNames(test.context, ["one of servers"], seed)),
    );
    expect(new Set(drawn.flat())).toEqual(new Set(["n1", "n2", "n3"]));
  });

  it("find the holder of a lock among the workers that live", async () => {
    await using test = await openFaultContext({
      nodes: ["n1"],
      clients: ["w1"],
      history: {
        subscribe: () => () => undefined,
        now: () => 0,
        holder: (key) => (key === undefined || key === "lock:a" ? "w1" : undefined),
      },
    });
    // The context's clients are names only.
    await expect(resolveNames(test.context, ["holder"])).rejects.toThrow(NoTargetError);
    const alive = new Map([["w1", { ...test.context.workers.get("w1"), pid: () => 1 }]]) as FaultContext["workers"];
    const context = { ...test.context, workers: alive };
    expect(await resolveNames(context, ["holder", "holder:lock:a"])).toEqual(["w1"]);
    await expect(resolveNames(context, ["holder:lock:b"])).rejects.toThrow('nobody holds "lock:b"');
  });
});

describe("a fault of several targets", () => {
  it("acts on each, is proved for each, and heals on each", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2", "n3"], clients: ["w1"] });
    const fault = await prepare(test, "pause", { target: ["n1", "replicas"] });
    expect(fault.target).toEqual(["n1", "n2", "n3"]);
    await roundTrip(fault, async () => {
      for (const name of fault.target) expect(await test.node(name).state()).toBe("stopped");
    });
    for (const name of fault.target) expect(await test.node(name).command("PING")).toBe("PONG");
  });

  it("proves nothing when one of them is not struck", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2", "n3"], clients: ["w1"] });
    const fault = await prepare(test, "pause", { target: "majority" });
    await fault.inject();
    test.node(fault.target[0] ?? "").signal("SIGCONT");
    expect(await fault.probe()).toMatchObject({ ok: false });
    await fault.heal();
    expect(await fault.probeHealed()).toMatchObject({ ok: true });
  });

  it("keeps what all have in common, and says the rest for each", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"] });
    const fault = await prepare(test, "kill", { target: "all", keepData: true });
    expect(fault).toMatchObject({
      title:
        "SIGKILL n1, restart empty because it does not persist, SIGKILL n2, restart empty because it does not persist",
    });
    expect(fault.detail).toEqual({ keepData: true, comesBack: "empty because it does not persist" });
  });
});
