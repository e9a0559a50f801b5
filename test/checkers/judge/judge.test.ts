import { describe, expect, it } from "vitest";
import { judge } from "../../../checkers/judge/judge.ts";
import { EXIT_CODES } from "../../../checkers/judge/verdict.ts";
import type { Verdict } from "../../../checkers/judge/verdict.ts";
import type { Json } from "../../../history/operation.ts";
import { NEMESIS } from "../../../history/operation.ts";
import type { Claim, FaultPlan, Plan } from "../../../history/plan.ts";
import type { Row } from "../history-of.ts";
import { faultRow, historyOf, phaseRow, row } from "../history-of.ts";

const SURVIVE: Claim = {
  id: "survive",
  statement: "An acknowledged element survives.",
  standing: "promised",
  source: "https://redis.io",
  checker: "set-survival",
  options: { property: "acknowledged-survive" },
};
const BROKEN_HOPE: Claim = {
  ...SURVIVE,
  id: "hope",
  statement: "Nothing is ever lost.",
  standing: "hoped",
  expect: "broken",
};

function planOf(claims: readonly Claim[], faults: readonly FaultPlan[] = []): Plan {
  return {
    version: 1,
    campaign: "c",
    title: "C",
    description: "",
    seed: 1,
    system: { kind: "single", options: {} },
    workload: "set",
    options: {},
    profile: "raw",
    workers: [],
    loadMs: 10,
    settleMs: 0,
    faults,
    claims,
  };
}

const CUT: FaultPlan = { id: "cut", kind: "link", options: {}, start: { afterMs: 1 } };
const FIRED: readonly Row[] = [
  faultRow(2, "link", "inject", ["n1"], { fault: "cut" }),
  faultRow(3, "link", "active", ["n1"], { fault: "cut", probe: { ok: true, saw: "silence" } }),
  faultRow(6, "link", "healed", ["n1"], { fault: "cut", probe: { ok: true, saw: "answers" } }),
];

/** A run that adds 1 and 2; the final read has 1, and 2 where nothing is lost. */
function run({
  lost = false,
  more = [],
  final = true,
}: { lost?: boolean; more?: readonly Row[]; final?: boolean } = {}): Row[] {
  const elements: Json = lost ? [1] : [1, 2];
  return [
    phaseRow(0, "load"),
    row(1, 1, "invoke", "add", ["x", 1]),
    row(2, 1, "ok", "add", ["x", 1]),
    row(3, 1, "invoke", "add", ["x", 2]),
    row(4, 1, "ok", "add", ["x", 2]),
    phaseRow(8, "heal"),
    ...more,
    ...(final
      ? [phaseRow(10, "final"), row(11, 2, "invoke", "read", ["x", null]), row(12, 2, "ok", "read", ["x", elements])]
      : []),
  ];
}

function verdictsOf({ claims }: Verdict): string[] {
  return claims.map(({ result }) => result.verdict);
}

describe("judge", () => {
  it("passes when every claim comes out as expected", () => {
    const verdict = judge(planOf([{ ...SURVIVE, expect: "holds" }]), historyOf(run()));
    expect(verdict.outcome).toBe("passed");
    expect(verdict.sentence).toBe(
      "The claim came out as the campaign expects: “An acknowledged element survives” held.",
    );
    expect(verdict.doubts).toEqual([]);
  });

  it("fails when a promise is broken, and says which and how", () => {
    const verdict = judge(planOf([SURVIVE, BROKEN_HOPE]), historyOf(run({ lost: true })));
    expect(verdict.outcome).toBe("failed");
    expect(EXIT_CODES[verdict.outcome]).toBe(1);
    expect(verdict.sentence).toBe(
      "A documented promise was broken: “An acknowledged element survives”: 1 acknowledged element of 2 is missing from the final read.",
    );
  });

  it("passes when a hope breaks that was expected to, or about which nothing was expected", () => {
    const demonstrated = judge(planOf([BROKEN_HOPE]), historyOf(run({ lost: true })));
    expect(demonstrated.outcome).toBe("passed");
    expect(demonstrated.sentence).toMatch(
      /came out as the campaign expects: “Nothing is ever lost” did not hold, which is what/,
    );
    const { expect: _, ...hope } = BROKEN_HOPE;
    expect(judge(planOf([hope]), historyOf(run({ lost: true }))).sentence).toMatch(
      /^No promise was broken: .*nowhere promised/,
    );
    expect(judge(planOf([{ ...hope, expect: "holds" }]), historyOf(run({ lost: true }))).outcome).toBe("passed");
  });

  it("is not satisfied when a hope holds that was expected to break", () => {
    const verdict = judge(planOf([BROKEN_HOPE]), historyOf(run()));
    expect(verdict.outcome).toBe("not-demonstrated");
    expect(verdict.sentence).toMatch(/^The campaign exists to show a claim break, but in this run it held: /);
  });

  it.each([
    [
      "a fault whose probe saw nothing",
      [FIRED[0], faultRow(3, "link", "active", ["n1"], { fault: "cut", probe: { ok: false, saw: "an answer" } })],
      /could not be seen to act: an answer/,
    ],
    [
      "a fault that did not heal",
      [
        ...FIRED.slice(0, 2),
        faultRow(6, "link", "healed", ["n1"], { fault: "cut", probe: { ok: false, saw: "silence" } }),
      ],
      /could not be seen to heal: silence/,
    ],
    ["a fault without a trace", [], /The planned fault “cut” left no trace/],
    ["a fault at which nobody looked", [FIRED[0]], /Nobody looked whether the fault “cut” acted/],
    [
      "a link that stayed broken",
      [
        ...FIRED,
        { ms: 9, process: NEMESIS, type: "info", f: "links", value: { links: 4, failed: ["w1.n1 was silent"] } },
      ],
      /1 of 4 links did not work .*w1\.n1 was silent/,
    ],
  ] as const)("trusts nothing but a proof after %s", (_, more, doubt) => {
    const rows = more.flatMap((each) => each ?? []);
    const plan = planOf([SURVIVE], [CUT]);
    const whole = judge(plan, historyOf(run({ more: rows })));
    expect(verdictsOf(whole)).toEqual(["unknown"]);
    expect(whole.outcome).toBe("undecided");
    expect(whole.doubts.join()).toMatch(doubt);
    expect(whole.claims[0]?.result.reason).toMatch(doubt);
    expect(verdictsOf(judge(plan, historyOf(run({ more: rows, lost: true }))))).toEqual(["broken"]);
  });

  it("of a system that did not come back knows nothing of what is missing, and nothing else that is not broken", () => {
    const value = { waitedFor: "the cluster to be whole", waitedMs: 30_000, saw: "n1 says cluster_state:fail" };
    const more = [...FIRED, { ms: 8, process: NEMESIS, type: "info", f: "unsettled", value } as const];
    const availability: Claim = {
      ...SURVIVE,
      id: "available",
      checker: "availability",
      options: { f: ["add"], boundMs: 0.1, afterFault: "cut" },
    };
    const plan = planOf([SURVIVE], [CUT]);
    const doubt =
      "After everything had been healed, the run waited 30 s in vain for the cluster to be whole: n1 says cluster_state:fail.";
    for (const lost of [false, true]) {
      const verdict = judge(plan, historyOf(run({ more, lost })));
      expect(verdictsOf(verdict)).toEqual(["unknown"]);
      expect(verdict.doubts).toEqual([doubt]);
      expect(verdict.claims[0]?.result.reason).toContain(doubt);
      expect(EXIT_CODES[verdict.outcome]).toBe(2);
    }
    // What clients saw during the load is as true as ever.
    const late = [row(4, 1, "invoke", "add", ["a", 9]), row(5, 1, "info", "add", ["a", 9], { error: "CLUSTERDOWN" })];
    const broken = judge(planOf([availability], [CUT]), historyOf(run({ more: [...more, ...late] })));
    expect(verdictsOf(broken)).toEqual(["broken"]);
    expect(broken.outcome).toBe("failed");
  });

  it("does not trust a run that was interrupted", () => {
    const verdict = judge(planOf([SURVIVE], [CUT]), historyOf(run({ final: false })));
    expect(verdictsOf(verdict)).toEqual(["unknown"]);
    expect(verdict.doubts).toEqual(["The run ended before its final reads."]);
    expect(verdict.sentence).toBe(
      "The claim could not be decided, so this run is no pass: The run ended before its final reads.",
    );
  });

  it("calls a claim vacuous when its fault never came", () => {
    const more = [faultRow(7, "link", "not-fired", [], { fault: "cut", reason: "the load ended first" })];
    const verdict = judge(planOf([SURVIVE], [CUT]), historyOf(run({ more })));
    expect(verdictsOf(verdict)).toEqual(["vacuous"]);
    expect(verdict.claims[0]?.result.reason).toMatch(
      /^The fault “cut” never happened: the load ended first\. \(The history by itself: The final read has every/,
    );
    expect(verdictsOf(judge(planOf([SURVIVE], [CUT]), historyOf(run({ more, lost: true }))))).toEqual(["broken"]);
  });

  it("names the claims that no fault can ever be about", () => {
    const why = { fault: "cut", reason: "it cannot be cut", impossible: true } as const;
    const more = [faultRow(7, "link", "not-fired", [], why)];
    const [judged] = judge(planOf([SURVIVE], [CUT]), historyOf(run({ more }))).claims;
    expect(judged).toMatchObject({ inapplicable: true, result: { verdict: "vacuous" } });
    const others = [faultRow(7, "link", "not-fired", [], { fault: "cut", reason: "the load ended first" })];
    expect(judge(planOf([SURVIVE], [CUT]), historyOf(run({ more: others }))).claims[0]).not.toHaveProperty(
      "inapplicable",
    );
    const expected = judge(planOf([{ ...SURVIVE, expect: "holds" }], [CUT]), historyOf(run({ more })));
    expect(expected.claims[0]).not.toHaveProperty("inapplicable");
    expect(expected.outcome).toBe("undecided");
    expect(judge(planOf([SURVIVE], [CUT]), historyOf(run({ more, lost: true }))).claims[0]).not.toHaveProperty(
      "inapplicable",
    );
  });

  it("does not count claims that are not about what was tested", () => {
    const why = { fault: "cut", reason: "it cannot be cut", impossible: true } as const;
    const more = [faultRow(7, "link", "not-fired", [], why)];
    const none = judge(planOf([SURVIVE], [CUT]), historyOf(run({ more })));
    expect(none.outcome).toBe("not-applicable");
    expect(EXIT_CODES[none.outcome]).toBe(0);
    expect(none.sentence).toMatch(/^The campaign is not about what was tested: .*it cannot be cut/);
    expect(judge(planOf([SURVIVE], [CUT]), historyOf(run({ more, final: false }))).outcome).toBe("undecided");
    const tokens: Claim = { ...SURVIVE, id: "tokens", checker: "lock-token-order", options: {} };
    const grants = ["w1", "w2"].flatMap((worker, i): Row[] => [
      { ...row(1 + i, i, "invoke", "acquire", "k"), worker },
      { ...row(1 + i, i, "ok", "acquire", { key: "k", grant: `g${i}` }), worker },
    ]);
    const rows = [...run().slice(0, 5), ...grants, ...run().slice(5)];
    const some = judge(planOf([SURVIVE, tokens]), historyOf(rows));
    expect(some.claims.map(({ inapplicable }) => inapplicable)).toEqual([undefined, true]);
    expect(some.outcome).toBe("passed");
    expect(some.sentence).not.toContain("tokens");
  });

  it.each([
    ["says nothing", [], "hoped"],
    ["says until when", ["validUntil"], "promised"],
  ])("holds a library that %s to what it can promise", (_, says, standing) => {
    const belief: Claim = { ...SURVIVE, id: "belief", checker: "lock-overlap", options: { level: "belief" } };
    const grants = ["w1", "w2"].flatMap((worker, i): Row[] => [
      { ...row(1 + 4 * i, i, "invoke", "acquire", "k"), worker },
      { ...row(2 + 4 * i, i, "ok", "acquire", { key: "k", grant: `g${i}`, validForMs: 1_000, says }), worker },
      { ...row(3 + 4 * i, i, "invoke", "write", { key: "k", grant: `g${i}`, value: 1 }), worker },
    ]);
    const end: Row[] = [
      { ...row(9, 0, "ok", "write", { key: "k", grant: "g0", value: 1, seq: 1 }), worker: "w1" },
      { ...row(9, 1, "ok", "write", { key: "k", grant: "g1", value: 1, seq: 2 }), worker: "w2" },
    ];
    const rows = [phaseRow(0, "load"), ...grants, ...end, phaseRow(10, "final")];
    const [judged] = judge(planOf([belief]), historyOf(rows)).claims;
    expect(judged).toMatchObject({ claim: { standing }, result: { verdict: "broken" } });
    const [expected] = judge(planOf([{ ...belief, expect: "holds" }]), historyOf(rows)).claims;
    expect(expected).toMatchObject({ claim: { standing: "promised" } });
  });

  it("lets a broken promise outrank a claim that is not decided", () => {
    const noReads: Claim = { ...SURVIVE, id: "refused", options: { property: "refused-absent" } };
    const verdict = judge(planOf([noReads, SURVIVE]), historyOf(run({ lost: true })));
    expect(verdictsOf(verdict)).toEqual(["vacuous", "broken"]);
    expect(verdict.outcome).toBe("failed");
    expect(judge(planOf([noReads, BROKEN_HOPE]), historyOf(run())).outcome).toBe("undecided");
  });

  it("judges what the workers of a claim recorded, and only faults that may concern them", () => {
    const inLane = (worker: string, value: number): Row[] => [
      { ...row(1, 0, "invoke", "add", ["k", value]), worker },
      { ...row(2, 0, "ok", "add", ["k", value]), worker },
    ];
    const rows = [
      phaseRow(0, "load"),
      ...inLane("w1", 1).map((each) => ({ ...each, process: 1 })),
      ...inLane("w2", 2).map((each) => ({ ...each, process: 2 })),
      faultRow(3, "link", "not-fired", [], { fault: "cut-w2", reason: "nobody came" }),
      phaseRow(4, "final"),
      { ...row(5, 3, "invoke", "read", ["k", null]), worker: "r1" },
      { ...row(6, 3, "ok", "read", ["k", [1]]), worker: "r1" },
      phaseRow(7, "stop"),
    ];
    const plan: Plan = {
      ...planOf(
        [
          { ...SURVIVE, id: "first", workers: ["w1", "r1"] },
          { ...SURVIVE, id: "second", workers: ["w2", "r1"] },
          { ...SURVIVE, id: "third", workers: ["w3", "r1"] },
          SURVIVE,
        ],
        [{ id: "cut-w2", kind: "link", options: { from: "w2", to: "n1" }, start: { afterMs: 1 } }],
      ),
      workers: ["w1", "w2", "w3", "r1"].map((name) => ({ name, role: "adder", seed: 1, options: {} })),
    };
    const { claims } = judge(plan, historyOf(rows));
    expect(claims.map(({ result }) => result.verdict)).toEqual(["holds", "broken", "vacuous", "broken"]);
    expect(claims[0]?.result.reason).not.toMatch(/never happened/);
    expect(claims[3]?.result.findings[0]?.events).toEqual(claims[1]?.result.findings[0]?.events);
  });

  it("calls a claim unknown when the values in the history have another shape", () => {
    const odd = [row(5, 2, "invoke", "read", ["x", null]), row(6, 2, "ok", "read", ["x", 3])];
    const verdict = judge(planOf([{ ...SURVIVE, options: { property: "no-phantom" } }]), historyOf(run({ more: odd })));
    expect(verdictsOf(verdict)).toEqual(["unknown"]);
    expect(verdict.claims[0]?.result.reason).toMatch(/event \d+ \(ok of read\) has the value \["x",3\]/);
  });

  it("judges plans that call a checker by its former name", () => {
    const [verdict, former] = ["set-survival", "set"].map((checker) =>
      judge(planOf([{ ...SURVIVE, checker }]), historyOf(run({ lost: true }))),
    );
    expect(former?.claims[0]?.result).toEqual(verdict?.claims[0]?.result);
  });

  it.each([
    [{ ...SURVIVE, checker: "sets" }, /there is no checker "sets"; there are lock-overlap, /],
    [{ ...SURVIVE, options: { property: "survive" } }, /options of the checker set-survival: .*property/s],
    [
      { ...SURVIVE, options: { property: "no-phantom", minElement: 3 } },
      /options of the checker set-survival: .*minElement/s,
    ],
  ] as const)("refuses a claim that makes no sense", (claim, message) => {
    const judging = (): Verdict => judge(planOf([claim]), historyOf(run()));
    expect(judging).toThrow(TypeError);
    expect(judging).toThrow(message);
  });
});
