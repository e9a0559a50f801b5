/** Steps that make no sense together, told from the plan alone. */
import { describe, expect, it } from "vitest";
import { campaigns } from "../../../campaigns/index.ts";
import { clashesIn } from "../../../nemesis/schedule/clashes.ts";
import { parseSchedule } from "../../../nemesis/schedule/parse.ts";
import { systemOf } from "../../../systems/registry.ts";

const PARTIES = { nodes: ["n1", "n2"], workers: ["w1", "w2"] };
const clashes = (text: string): string[] =>
  clashesIn(parseSchedule(text), PARTIES).map(({ fault, under, target }) => `${fault.id} under ${under.id}: ${target}`);

describe("clashesIn", () => {
  it.each([
    ["at 1s: kill n1; at 2s: pause n1", ["pause under kill: n1"]],
    ["at 1s: kill n1 for 2s; at 2s: pause n1", ["pause under kill: n1"]],
    ["at 1s: pause n1 for 2s; at 2s: clock-jump n1 offsetMs=5s", ["clock-jump under pause: n1"]],
    ["at 1s: kill n1; at 1s: kill n1", ["kill-2 under kill: n1"]],
    ["at 1s: shutdown n1,n2; after shutdown active +1s: evict n2", ["evict under shutdown: n2"]],
    ["at 1s: kill nodes; at 2s: command n2 PING", ["command under kill: n2"]],
    ["at 1s: kill n1; at 2s: link w1 <-> n1 drop; after link active: pause n1", ["pause under kill: n1"]],
    // A client does not come back when the fault heals.
    ["at 1s: kill w1 for 1s; at 5s: pause w1", ["pause under kill: w1"]],
    ["at 1s: kill w1 for 1s; after kill healed: stall w1 ms=300", ["stall under kill: w1"]],
  ])("%s", (text, expected) => expect(clashes(text)).toEqual(expected));

  it.each([
    "at 1s: kill n1 for 1s; at 3s: pause n1",
    "at 1s: kill n1; at 2s: pause n2",
    "at 1s: kill n1 for 2s; after kill healed: pause n1",
    // A process that is stopped can be killed.
    "at 1s: pause n1; at 2s: kill n1",
    // Whom the words mean, and when these moments come, the run decides.
    "at 1s: kill primary; at 2s: pause n1",
    "at 1s: kill n1 until on ok write; at 2s: pause n1",
    "on ok write: kill n1 for 2s; at 2s: pause n1",
    // Chains take their time: the second may well come after the first.
    "at 1s: kill n1 for 2s; cut: at 500ms: link w1 <-> n2 drop for 2s; after cut healed: pause n1",
    "at 1s: kill n1; at 2s: link w1 <-> n1 drop",
  ])("says nothing of %s", (text) => expect(clashes(text)).toEqual([]));

  it("names both, how long, and the remedy", () => {
    const [clash] = clashesIn(parseSchedule("at 1s: kill n1 for 2s; at 2s: pause n1"), PARTIES);
    expect(clash?.sentence).toBe(
      '"pause" strikes n1 while "kill" keeps it down for 2s: it can do nothing there. ' +
        'Let "pause" begin after "kill" has healed (`after kill healed`), or strike somebody else',
    );
    const [client] = clashesIn(parseSchedule("at 1s: kill w1; at 2s: pause w1"), PARTIES);
    expect(client?.sentence).toMatch(/^"pause" strikes w1, which "kill" has ended for good by then: /);
  });

  it("finds none in the campaigns that redquake brings", () => {
    const found = campaigns.flatMap((campaign) =>
      [1, 2, 3, 4, 5].flatMap((seed) => {
        const plan = campaign.plan(seed);
        const nodes = systemOf(plan.system).specs.map(({ name }) => name);
        const workers = plan.workers.map(({ name }) => name);
        return clashesIn(plan.faults, { nodes, workers }).map(({ sentence }) => `${campaign.name}: ${sentence}`);
      }),
    );
    expect(found).toEqual([]);
  });
});
