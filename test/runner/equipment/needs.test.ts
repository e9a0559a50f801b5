/** What plans need, and what is said where it is not there. */
import { describe, expect, it } from "vitest";
import { campaigns } from "../../../campaigns/index.ts";
import type { FaultPlan, Plan } from "../../../history/plan.ts";
import { packetPowers } from "../../../hosts/packets/packet-powers.ts";
import { needsOf, whyImpossible } from "../../../runner/equipment/needs.ts";
import { dockerMissing, dockerNote } from "../../support/docker-nodes.ts";

function planOf(name: string, ...kinds: string[]): Plan {
  const plan = campaigns.find((campaign) => campaign.name === name)?.plan(1);
  if (plan === undefined) throw new Error(`there is no campaign ${name}`);
  const faults = kinds.map((kind): FaultPlan => ({ id: kind, kind, options: { target: "n1" }, start: { afterMs: 0 } }));
  return { ...plan, faults: [...plan.faults, ...faults] };
}

describe("what a plan needs", () => {
  it.each([
    ["lock-simple", [], []],
    ["lock-simple", ["pause"], []],
    ["redlock-clock-jump", [], ["shim"]],
    ["sentinel-split-brain", [], ["shim"]],
    ["cluster-isolated-primary", [], ["shim"]],
    ["lock-simple", ["packet-drop", "packet-loss"], ["packets"]],
    ["lock-simple", ["packet-delay"], ["packets", "netem"]],
  ])("is told from its system and its faults: %s with %j needs %j", (name, kinds, needs) => {
    expect(needsOf(planOf(name, ...kinds))).toEqual(needs);
  });

  it("is not there for faults of packets where nodes are plain processes, which is said", async () => {
    expect(await whyImpossible(planOf("lock-simple", "packet-drop"), "process")).toMatch(
      /^skipped, as it needs faults of packets: plain processes share.*--host docker/,
    );
    expect(await whyImpossible(planOf("lock-simple"), "process")).toBeUndefined();
  });

  it.skipIf(dockerMissing)(`is looked for on this machine where nodes are in containers${dockerNote}`, async () => {
    const { filterMissing, netemMissing } = await packetPowers();
    for (const [kind, why] of [
      ["packet-drop", filterMissing],
      ["packet-reorder", filterMissing ?? netemMissing],
    ] as const) {
      const said = await whyImpossible(planOf("lock-simple", kind), "docker");
      if (why === undefined) expect(said).toBeUndefined();
      else expect(said).toContain(why);
    }
  });
});
