/** The checkers of leaders: what is right holds, each flaw is found by the one checker that is about it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leaderOverlap } from "../../../checkers/leader/overlap.ts";
import { candidatesOf, toldSpan } from "../../../checkers/leader/parts/candidates.ts";
import { leaderProgress } from "../../../checkers/leader/progress.ts";
import { leaderSeat } from "../../../checkers/leader/seat.ts";
import { leaderTokenOrder } from "../../../checkers/leader/token-order.ts";
import { leaderWord } from "../../../checkers/leader/word.ts";
import { leaderWork } from "../../../checkers/leader/work.ts";
import type { CheckResult } from "../../../checkers/checker.ts";
import type { History } from "../../../history/history.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import { faultRow, historyOf, phaseRow, row } from "../history-of.ts";
import type { ElectionFlaws } from "./simulated-election.ts";
import { simulatedElection } from "./simulated-election.ts";

const ALL: Readonly<Record<string, (history: History) => CheckResult>> = {
  told: (history) => leaderOverlap(history, { level: "told" }),
  asked: (history) => leaderOverlap(history, { level: "asked" }),
  progress: (history) => leaderProgress(history, { boundMs: 1_000 }),
  seat: (history) => leaderSeat(history, {}),
  tokens: (history) => leaderTokenOrder(history, {}),
  "after-demotion": (history) => leaderWord(history, { property: "after-demotion" }),
  once: (history) => leaderWord(history, { property: "once" }),
  work: (history) => leaderWork(history, { fenced: true }),
};

function broken(history: History): string[] {
  return Object.entries(ALL).flatMap(([name, check]) => (check(history).verdict === "holds" ? [] : [name]));
}

/** Whether the flaw shows: a die that makes it so has fallen. */
function expectFound(flaws: ElectionFlaws, mayBreak: readonly string[]): void {
  let found = 0;
  fc.assert(
    fc.property(simulatedElection(flaws), (history) => {
      const names = broken(history);
      expect(mayBreak).toEqual(expect.arrayContaining(names));
      found += names.length;
    }),
    { numRuns: 60, seed: 13 },
  );
  expect(found).toBeGreaterThan(0);
}

describe("checkers of leaders", () => {
  it("hold for an election that is right", () => {
    fc.assert(
      fc.property(simulatedElection({}), (history) => {
        expect(broken(history)).toEqual([]);
      }),
      { seed: 13 },
    );
  });

  it("find a rival that is elected beside the leader", () => {
    expectFound({ doubles: true }, ["told", "asked", "seat", "work", "tokens"]);
  });

  it("find a candidate that says that it leads after its demotion", () => {
    expectFound({ lies: true }, ["after-demotion", "asked", "told", "seat"]);
  });

  it("find a token that is given twice", () => expectFound({ repeats: true }, ["tokens"]));

  it("find a time without a leader", () => expectFound({ pauses: true }, ["progress"]));

  it("name the events that prove what they find", () => {
    fc.assert(
      fc.property(simulatedElection({ doubles: true, lies: true, repeats: true }), (history) => {
        expectFindingsToSuffice(leaderOverlap, history, { level: "told" });
        expectFindingsToSuffice(leaderTokenOrder, history, { minTerms: 1 });
        expectFindingsToSuffice(leaderWord, history, { property: "after-demotion" });
      }),
      { numRuns: 20, seed: 13 },
    );
  });

  it("are vacuous where nobody was elected", () => {
    const nobody = historyOf([
      phaseRow(0, "load"),
      row(1, 1, "invoke", "stand", { key: "a" }),
      row(2, 1, "ok", "stand", { key: "a" }),
      phaseRow(900, "heal"),
    ]);
    for (const check of Object.values(ALL)) expect(check(nobody).verdict).toBe("vacuous");
  });
});

describe("leader-overlap", () => {
  it("counts the terms that began while one of another candidate lasted, as a comparison of all pairs does", () => {
    const span = fc.record({
      process: fc.integer({ min: 1, max: 3 }),
      from: fc.nat(40),
      length: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 9 }), (spans) => {
        // A candidate has one term at a time.
        const free = new Map<number, number>();
        const rows = spans
          .toSorted((a, b) => a.from - b.from)
          .flatMap(({ process, from, length }, i) => {
            const begin = Math.max(from, free.get(process) ?? 0);
            free.set(process, begin + length + 1);
            const value = { key: "a", term: `w${process}-${i}` };
            const other = process + 10 * (i + 1);
            return [
              row(begin, other, "invoke", "elected", value),
              row(begin + 0.1, other, "ok", "elected", value),
              row(begin + length, other, "invoke", "demoted", value),
              row(begin + length + 0.1, other, "ok", "demoted", value),
            ];
          });
        const history = historyOf(rows);
        const terms = candidatesOf(history).flatMap((each) =>
          each.terms.map((term) => ({ ...toldSpan(term), who: each.who })),
        );
        const expected = terms.filter((later, i) =>
          terms.some(
            (earlier, j) =>
              earlier.who !== later.who &&
              (earlier.from < later.from ||
                (earlier.from === later.from && (earlier.to < later.to || (earlier.to === later.to && j < i)))) &&
              Math.min(earlier.to, later.to) > later.from,
          ),
        ).length;
        expect(leaderOverlap(history, { level: "told" }).count).toBe(expected);
      }),
      { seed: 13 },
    );
  });
});

describe("leader-progress", () => {
  const stands = (process: number): ReturnType<typeof row>[] => [
    row(1, process, "invoke", "stand", { key: "a" }),
    row(2, process, "ok", "stand", { key: "a" }),
  ];
  const elected = [
    row(10, 11, "invoke", "elected", { key: "a", term: "w1-1" }),
    row(10, 11, "ok", "elected", { key: "a", term: "w1-1" }),
    row(20, 1, "invoke", "believes", { key: "a" }),
    row(21, 1, "ok", "believes", { key: "a", term: "w1-1", leads: true }),
  ];

  it("tells apart that nobody ever led again, and who stood", () => {
    const history = historyOf([
      phaseRow(0, "load"),
      ...stands(1),
      ...stands(2),
      ...elected,
      faultRow(30, "kill", "inject", ["w1"]),
      phaseRow(5_000, "heal"),
    ]);
    const { findings, verdict } = leaderProgress(history, { boundMs: 1_000, afterFault: "kill" });
    expect(verdict).toBe("broken");
    expect(findings[0]).toMatchObject({ kind: "never-again" });
    expect(findings[0]?.sentence).toMatch(
      /in which w2 stood, .* nobody led again to the end of the load: the last to lead was w1/,
    );
  });

  it("does not count the time in which nobody who stands could lead", () => {
    const history = historyOf([
      phaseRow(0, "load"),
      ...stands(1),
      ...elected,
      faultRow(30, "pause", "inject", ["w1"]),
      faultRow(4_000, "pause", "healed", ["w1"]),
      phaseRow(4_500, "heal"),
    ]);
    expect(leaderProgress(history, { boundMs: 1_000 }).verdict).toBe("holds");
  });
});
