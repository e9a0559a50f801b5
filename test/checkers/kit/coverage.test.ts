import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverageOf, countedIn } from "../../../checkers/kit/coverage.ts";
import { coverageLines } from "../../../checkers/judge/coverage-words.ts";
import { judge } from "../../../checkers/judge/judge.ts";
import { CHECKERS, exerciseOf } from "../../../checkers/registry.ts";
import type { Claim, FaultPlan, Plan } from "../../../history/plan.ts";
import { verdictFile } from "../../../store/stored-files.ts";
import type { Row } from "../history-of.ts";
import { faultRow, historyOf, phaseRow, row } from "../history-of.ts";

const EXCLUSION: Claim = {
  id: "exclusion",
  statement: "No two clients hold the lock at once.",
  standing: "promised",
  expect: "holds",
  source: "https://redis.io",
  checker: "lock-overlap",
  options: { level: "grant" },
};
const KILL: FaultPlan = { id: "kill", kind: "kill", options: { target: "n1" }, start: { afterMs: 100 } };
const PROBE = { probe: { ok: true, saw: "nothing answers" }, title: "SIGKILL n1" };
const END_MS = 1_000;

function planOf(claim: Claim, faults: readonly FaultPlan[] = [KILL]): Plan {
  return {
    version: 1,
    campaign: "c",
    title: "C",
    description: "",
    seed: 1,
    system: { kind: "single", options: {} },
    workload: "lock",
    options: {},
    profile: "raw",
    workers: ["w1", "w2", "w3"].map((name) => ({ name, role: "client", seed: 1, options: {} })),
    loadMs: END_MS,
    settleMs: 0,
    faults,
    claims: [claim],
  };
}

/** A worker has the lock for 2 ms from a moment on; it asked for it `askedMs` before. */
function grant(ms: number, worker: number, askedMs = 1): Row[] {
  const value = { key: "lock:a", grant: `w${worker}-${ms}`, ttlMs: 500, says: [] };
  return [
    row(ms - askedMs, worker, "invoke", "acquire", "lock:a"),
    row(ms, worker, "ok", "acquire", value),
    row(ms + 1, worker, "invoke", "release", { key: "lock:a", grant: value.grant }),
    row(ms + 2, worker, "ok", "release", { key: "lock:a", grant: value.grant }),
  ];
}

/** A worker gets the lock at `ms`, writes until `doneMs`, and lets the lock go. */
function writing(ms: number, doneMs: number, worker: number, seq: number): Row[] {
  const [key, grant] = ["lock:a", `w${worker}-${ms}`];
  return [
    row(ms - 1, worker, "invoke", "acquire", key),
    row(ms, worker, "ok", "acquire", { key, grant, ttlMs: 500, says: [] }),
    row(doneMs - 1, worker, "invoke", "write", { key, grant, value: seq, held: true }),
    row(doneMs, worker, "ok", "write", { key, grant, value: seq, seq }),
    row(doneMs + 1, worker, "invoke", "release", { key, grant }),
    row(doneMs + 2, worker, "ok", "release", { key, grant }),
  ];
}

function refused(ms: number, worker: number): Row[] {
  return [
    row(ms, worker, "invoke", "acquire", "lock:a"),
    { ...row(ms + 1, worker, "fail", "acquire", "lock:a"), error: "ECONNREFUSED" },
  ];
}

function killed(healMs: number | undefined): Row[] {
  return [
    faultRow(100, "kill", "inject", ["n1"], PROBE),
    faultRow(110, "kill", "active", ["n1"], PROBE),
    ...(healMs === undefined
      ? []
      : [faultRow(healMs, "kill", "heal", ["n1"], PROBE), faultRow(healMs + 10, "kill", "healed", ["n1"], PROBE)]),
  ];
}

function run(rows: readonly Row[], healMs?: number) {
  const phases = [phaseRow(0, "load"), phaseRow(END_MS, "heal"), phaseRow(END_MS + 500, "final")];
  return historyOf([...phases, ...killed(healMs), ...rows]);
}

const BEFORE = [...grant(10, 1), ...grant(20, 2), ...grant(30, 3)];

function resultOf(claim: Claim, rows: readonly Row[], healMs?: number, faults?: readonly FaultPlan[]) {
  const [judged] = judge(planOf(claim, faults), run(rows, healMs)).claims;
  if (judged === undefined) throw new Error("the plan has a claim");
  return judged.result;
}

describe("a claim that nothing contradicts", () => {
  it("is vacuous where no operation succeeded from the fault to the end of the load", () => {
    const result = resultOf(EXCLUSION, [...BEFORE, ...refused(200, 1), ...refused(300, 2), ...refused(400, 3)]);
    expect(result.verdict).toBe("vacuous");
    expect(result.reason).toBe(
      "No acquire succeeded between 0.110 s, when “SIGKILL n1” acted, and the end of the load (3 were tried).",
    );
  });

  it("does not count an answer that was on its way when the fault began", () => {
    const onItsWay = grant(120, 1, 30);
    expect(resultOf(EXCLUSION, [...BEFORE, ...onItsWay]).verdict).toBe("vacuous");
    expect(resultOf(EXCLUSION, [...BEFORE, ...grant(120, 1, 15)]).verdict).toBe("holds");
  });

  it("does not count what the last holder from before the fault does with its lock", () => {
    const resource: Claim = { ...EXCLUSION, checker: "lock-resource", options: {} };
    const held = [...writing(90, 115, 1, 3), ...refused(200, 2)];
    const log = (...grants: string[]): Row[] => [
      row(END_MS + 510, 9, "invoke", "log", { key: "lock:a" }),
      row(END_MS + 511, 9, "ok", "log", {
        key: "lock:a",
        entries: grants.map((of, i) => ({ seq: i + 1, op: "write", grant: of, value: i + 1, accepted: true })),
      }),
    ];
    const before = [...writing(10, 12, 1, 1), ...writing(30, 32, 2, 2)];
    const missed = resultOf(resource, [...before, ...held, ...log("w1-10", "w2-30", "w1-90")]);
    expect([missed.verdict, missed.reason]).toEqual([
      "vacuous",
      "No write by a new holder succeeded between 0.110 s, when “SIGKILL n1” acted, and the end of the load (none was tried).",
    ]);
    const next = [...before, ...held, ...writing(300, 303, 2, 4), ...log("w1-10", "w2-30", "w1-90", "w2-300")];
    const { verdict, coverage } = resultOf(resource, next);
    expect(verdict).toBe("holds");
    expect(coverage && coverageLines(coverage)).toEqual([
      "Under “SIGKILL n1”: 1 write by a new holder succeeded (1 of 1 worker); it lasted until the end.",
    ]);
    const both: Claim = {
      ...EXCLUSION,
      checker: "linearizable",
      options: { model: "mutex", operations: ["acquire", "release"] },
    };
    expect(resultOf(both, [...before, ...held]).reason).toMatch(/^No acquire or release by a new holder succeeded /);
    expect(resultOf(both, next).verdict).toBe("holds");
  });

  it("does not count what succeeded only after the load", () => {
    expect(resultOf(EXCLUSION, [...BEFORE, ...grant(END_MS + 50, 1)]).verdict).toBe("vacuous");
  });

  it("holds with a word on the gap where operations succeeded only after the heal", () => {
    const result = resultOf(EXCLUSION, [...BEFORE, ...refused(200, 1), ...grant(700, 2)], 600);
    expect(result.verdict).toBe("holds");
    expect(result.reason).toMatch(
      /No acquire succeeded while “SIGKILL n1” lasted, from 0\.110 s to 0\.600 s; 1 did afterwards\.$/,
    );
  });

  it("says that nothing succeeded after the heal", () => {
    const rows = [...BEFORE, ...grant(200, 1), ...refused(700, 2)];
    expect(resultOf(EXCLUSION, rows, 600).reason).toMatch(/No acquire succeeded after “SIGKILL n1” was healed\.$/);
  });

  it("notices an operation that hangs through the whole fault", () => {
    const hanging = row(90, 1, "invoke", "acquire", "lock:a");
    const rows = [...BEFORE, hanging, ...grant(700, 2)];
    expect(resultOf(EXCLUSION, rows, 600).reason).toMatch(/No acquire succeeded while “SIGKILL n1” lasted/);
  });

  it.each([
    [{ during: 2 }, /^Only 1 acquire succeeded while .*, fewer than the 2 that the claim needs\.$/],
    [{ after: 1 }, /^No acquire succeeded after “SIGKILL n1” was healed \(none was tried\)\.$/],
    [{ since: 3 }, /^Only 1 acquire succeeded between 0\.110 s, .*, fewer than the 3 that the claim needs\.$/],
  ] as const)("needs what its campaign asks for: %j", (needs, reason) => {
    const result = resultOf({ ...EXCLUSION, needs }, [...BEFORE, ...grant(200, 1)], 600);
    expect(result.verdict).toBe("vacuous");
    expect(result.reason).toMatch(reason);
  });

  it("holds without any success where its campaign says why none is right", () => {
    const needs = { except: { kill: "the only server is down until the load ends" } };
    expect(resultOf({ ...EXCLUSION, needs }, BEFORE).verdict).toBe("holds");
  });

  it("is not asked for successes under a fault that strikes only the workers of others", () => {
    const claim: Claim = { ...EXCLUSION, workers: ["w1", "w2"] };
    const other: FaultPlan = { ...KILL, options: { target: "w3" } };
    expect(resultOf(claim, BEFORE, undefined, [other]).verdict).toBe("holds");
  });

  it("is asked only about the fault that its options name", () => {
    const claim: Claim = { ...EXCLUSION, checker: "lock-progress", options: { boundMs: 900, afterFault: "early" } };
    const early: FaultPlan = { ...KILL, id: "early" };
    const rows = [
      ...BEFORE,
      faultRow(5, "link", "inject", ["n1"], { ...PROBE, fault: "early" }),
      faultRow(6, "link", "active", ["n1"], { ...PROBE, fault: "early" }),
    ];
    expect(resultOf(claim, rows, undefined, [early, KILL]).verdict).toBe("holds");
  });

  it("is vacuous where nothing succeeded in the whole load, without any fault", () => {
    const claim: Claim = { ...EXCLUSION, checker: "invariant", options: { model: "stats" } };
    const history = historyOf([phaseRow(0, "load"), ...refused(5, 1), phaseRow(50, "heal"), phaseRow(60, "final")]);
    expect(judge(planOf(claim, []), history).claims[0]?.result.verdict).not.toBe("holds");
  });

  it("stays broken whatever was done under the fault", () => {
    const overlapping = [...grant(10, 1), ...grant(10.5, 2)];
    expect(resultOf(EXCLUSION, overlapping).verdict).toBe("broken");
  });
});

describe("a register", () => {
  const claim: Claim = {
    ...EXCLUSION,
    checker: "linearizable",
    options: { model: "register", operations: ["read", "write"] },
  };
  const write = (ms: number, type: "ok" | "info"): Row[] => [
    row(ms, 1, "invoke", "write", 1),
    row(ms + 1, 1, type, "write", 1),
  ];

  it("is not linearizable by having been away for the rest of the load", () => {
    expect(resultOf(claim, write(50, "ok")).verdict).toBe("vacuous");
    expect(resultOf(claim, [...write(50, "ok"), ...write(300, "ok")]).verdict).toBe("holds");
  });
});

describe("elements that were refused", () => {
  const claim = (checker: string): Claim => ({ ...EXCLUSION, checker, options: { property: "refused-absent" } });
  const refusal = (f: string): Row[] => [row(200, 1, "invoke", f, ["x", 7]), row(201, 1, "fail", f, ["x", 7])];

  it.each([
    ["set-survival", "add", [], [3]],
    ["register-survival", "write", null, 3],
  ] as const)("are not shown to be absent by reads that found nothing: %s", (checker, f, nothing, something) => {
    const read = (value: typeof nothing | typeof something): Row[] => [
      row(END_MS + 600, 2, "invoke", "read", ["x", null]),
      row(END_MS + 601, 2, "ok", "read", ["x", value]),
    ];
    const empty = resultOf(claim(checker), [...refusal(f), ...read(nothing)]);
    expect(empty.verdict).toBe("vacuous");
    expect(empty.reason).toMatch(/^No read found any /);
    expect(resultOf(claim(checker), [...refusal(f), ...read(something)]).verdict).toBe("holds");
  });
});

describe("coverage", () => {
  it("is known for every checker", () => {
    for (const checker of CHECKERS.keys()) expect(exerciseOf({ ...EXCLUSION, checker }).end).toBeDefined();
  });

  it("says how much of what was done, and by how many workers", () => {
    const { coverage } = resultOf(EXCLUSION, [...BEFORE, ...refused(200, 1), ...grant(300, 2), ...grant(700, 3)], 600);
    expect(coverage && coverageLines(coverage)).toEqual([
      "Under “SIGKILL n1”: 1 acquire succeeded (1 of 2 workers); afterwards 1 acquire succeeded (1 of 1 worker).",
    ]);
  });

  it("is stored with the verdict, and read again", () => {
    const verdict = judge(planOf(EXCLUSION), run([...BEFORE, ...grant(300, 2)], 600));
    expect(verdictFile.parse(JSON.parse(JSON.stringify(verdict)))).toEqual(verdict);
  });

  it("counts each success that began under a fault once, before or after its heal", () => {
    const moments = fc.uniqueArray(fc.integer({ min: 1, max: 330 }), { maxLength: 30 });
    fc.assert(
      fc.property(moments, fc.option(fc.integer({ min: 120, max: 900 }), { nil: undefined }), (places, healMs) => {
        const rows = places.flatMap((place, i) => grant(place * 3, 100 + i, 2));
        const history = run(rows, healMs);
        const [fault] = coverageOf(history, exerciseOf(EXCLUSION), () => true).faults;
        const began = places.filter((place) => place * 3 - 2 >= 100 && place * 3 >= 110 && place * 3 < END_MS);
        const heal = healMs ?? END_MS;
        expect(countedIn(fault?.during)).toBe(began.filter((place) => place * 3 < heal).length);
        expect(countedIn(fault?.after)).toBe(began.filter((place) => place * 3 >= heal).length);
      }),
    );
  });
});
