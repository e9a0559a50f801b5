/** The table of calls in `docs/lock-claims.md` against the campaigns that there are. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import type { Plan } from "../../history/plan.ts";
import { packageRoot } from "../../machine/package-root.ts";
import type { Strike } from "./struck-calls.ts";
import { ACCIDENTS, CALLS, MOMENTS, strikesOf } from "./struck-calls.ts";

const page = readFileSync(join(packageRoot, "docs/lock-claims.md"), "utf8");
const ROW = /^\| `(?<call>\w+)` \| (?<accident>[\w ]+) \| (?<cells>.+) \|$/gm;

/** By `call, accident, moment`: what stands in the table. */
const cells = new Map(
  [...page.matchAll(ROW)].flatMap(({ groups: { call = "", accident = "", cells: row = "" } = {} }) =>
    row.split(" | ").map((cell, i): [string, string] => [`${call}, ${accident}, ${MOMENTS[i] ?? "?"}`, cell]),
  ),
);

const nameOf = ({ call, accident, moment }: Strike): string => `${call}, ${accident}, ${moment}`;
const every = CALLS.flatMap((call) =>
  ACCIDENTS.flatMap((accident) => MOMENTS.map((moment) => nameOf({ call, accident, moment }))),
);
/** By the same names: the campaigns that do it. */
const striking = Map.groupBy(
  campaigns.flatMap((campaign) =>
    [...new Set(strikesOf(campaign.plan(7)).map(nameOf))].map((cell) => ({ cell, name: campaign.name })),
  ),
  ({ cell }) => cell,
);

describe("the table of calls and what happens to them", () => {
  it("has every call, accident and moment once", () => {
    expect([...cells.keys()].toSorted()).toEqual(every.toSorted());
  });

  it.each(every)("%s: names the campaigns that there are, or why there is none", (cell) => {
    const told = cells.get(cell) ?? "";
    const named = [...told.matchAll(/`(?<name>[\w-]+)`/g)].map(({ groups }) => groups?.["name"] ?? "");
    const there = (striking.get(cell) ?? []).map(({ name }) => name);
    expect(named.toSorted()).toEqual(there.toSorted());
    if (there.length === 0) {
      const reason = /^– \((?<letter>[a-z])\)$/.exec(told)?.groups?.["letter"];
      expect(page, told).toContain(`\n- (${reason ?? "none"}) `);
    }
  });

  it("gives no reason that no cell has", () => {
    const reasons = [...page.matchAll(/^- \((?<letter>[a-z])\) /gm)].map(({ groups }) => groups?.["letter"]);
    const used = [...cells.values()].flatMap((cell) => /^– \((?<letter>[a-z])\)$/.exec(cell)?.groups?.["letter"] ?? []);
    expect(reasons).toEqual([...new Set(used)].toSorted());
  });
});

describe("what a plan does to a call", () => {
  const plan = campaigns.find(({ name }) => name === "lock-slow-extension")?.plan(7);
  const [fault] = plan?.faults ?? [];
  if (plan === undefined || fault === undefined) throw new TypeError("there is no campaign lock-slow-extension");
  const strikesWith = (changed: object, rest: Partial<Plan> = {}): readonly string[] =>
    strikesOf({ ...plan, ...rest, faults: [{ ...fault, ...changed }] }).map(nameOf);
  const link = (how: string, direction?: string): object => ({
    options: { from: "w1", to: "n1", how, ...(direction === undefined ? {} : { direction }) },
  });

  it.each([
    [link("hold", "back"), ["extend, answer late, after"]],
    [link("hold", "forth"), ["extend, request late, after"]],
    [link("hold"), ["extend, lost, after"]],
    [link("drop"), ["extend, lost, after"]],
    [link("reset"), ["extend, lost, before"]],
    [link("latency"), []],
    [{ ...link("hold", "back"), end: { afterMs: 300 } }, ["extend, answer late, before"]],
    [{ ...link("hold", "back"), end: { afterMs: 9_000 } }, ["extend, answer late, after"]],
    [{ options: { from: "w1", to: "resource", how: "hold" } }, []],
    [{ options: { from: "w2", to: "n1", how: "hold" } }, []],
    [{ start: { afterMs: 500 } }, []],
  ])("%j: %j", (changed, strikes) => expect(strikesWith(changed)).toEqual(strikes));

  it("sees what is sent again, where the client library does so", () => {
    expect(strikesWith(link("lose-reply"))).toEqual(["extend, lost, after"]);
    expect(strikesWith(link("lose-reply"), { profile: "app" })).toEqual([
      "extend, lost, after",
      "extend, twice, after",
    ]);
  });

  it("sees that nobody else can get the lock before the fault has healed", () => {
    const late = { ...fault, ...link("hold", "back"), end: { afterMs: 9_000 } };
    const alone = {
      id: "others-wait",
      kind: "pause",
      options: { target: "w2" },
      start: { at: { worker: "w2", point: "before-acquire" } },
      end: { after: { fault: fault.id, stage: "healed" as const } },
    };
    expect(strikesOf({ ...plan, faults: [alone, late] }).map(nameOf)).toEqual(["extend, answer late, at"]);
  });

  it("knows nothing of other systems, and of other workloads", () => {
    expect(strikesWith({}, { system: { kind: "etcd", options: {} } })).toEqual([]);
    expect(strikesWith({}, { workload: "set" })).toEqual([]);
  });
});
