/** The checker of jobs against its definitions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jobs } from "../../../checkers/jobs/jobs.ts";
import { arbitraryJobs } from "../arbitrary-jobs.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import { faultRow, historyOf, MS, phaseRow, row } from "../history-of.ts";
import { effectsTwice, resultsTwice, waitsAfter } from "../oracle/jobs.ts";

const RUNS = { numRuns: 2_000 };

describe("jobs on random histories", () => {
  it("finds exactly the jobs with more than one side effect", () => {
    fc.assert(
      fc.property(arbitraryJobs, (history) => {
        const options = { property: "one-effect" };
        const { count, verdict } = jobs(history, options);
        expect(count).toBe(effectsTwice(history));
        expect(verdict === "broken").toBe(count > 0);
        expectFindingsToSuffice(jobs, history, options);
      }),
      RUNS,
    );
  });

  it("finds exactly the jobs with more than one result", () => {
    fc.assert(
      fc.property(arbitraryJobs, (history) => {
        const options = { property: "one-result" };
        const { count, verdict } = jobs(history, options);
        expect(count).toBe(resultsTwice(history));
        expect(verdict === "broken").toBe(count > 0);
        expectFindingsToSuffice(jobs, history, options);
      }),
      RUNS,
    );
  });

  it.each([1, 10, 40])("finds exactly the jobs that nobody took over in %i ms", (boundMs) => {
    fc.assert(
      fc.property(arbitraryJobs, (history) => {
        const options = { property: "takeover", afterFault: "kill", boundMs };
        const { count, verdict } = jobs(history, options);
        const waits = waitsAfter(history);
        expect(count).toBe(waits.filter(({ waited }) => waited > boundMs * MS).length);
        if (count > 0) expect(verdict).toBe("broken");
        else if (waits.length === 0) expect(verdict).toBe("vacuous");
        else expect(verdict).toBe(waits.every(({ takenOver }) => takenOver) ? "holds" : "unknown");
        expectFindingsToSuffice(jobs, history, options);
      }),
      RUNS,
    );
  });
});

const A = { channel: "q", message: "p:1" };
const FIRST = { ...A, run: "w1-1" };
const SECOND = { ...A, run: "w2-1" };

/** w1 begins with a job and is stopped; w2 begins with it again, and both ask for its completion. */
const runTwice = (first: "ok" | "fail" | "info", second: "ok" | "fail" | "info", final: string) =>
  historyOf([
    phaseRow(0, "load"),
    row(1, 1, "invoke", "deliver", { channel: "q" }),
    row(2, 1, "ok", "deliver", { ...FIRST, start: 1 }),
    row(3, 2, "invoke", "deliver", { channel: "q" }),
    row(9, 2, "ok", "deliver", { ...SECOND, start: 2 }),
    row(10, 2, "invoke", "ack", SECOND),
    row(11, 2, second, "ack", SECOND),
    row(12, 1, "invoke", "ack", FIRST),
    row(13, 1, first, "ack", FIRST),
    phaseRow(20, "final"),
    row(21, 3, "invoke", "jobs", { channel: "q" }),
    row(22, 3, "ok", "jobs", { channel: "q", jobs: [{ message: "p:1", state: "completed", starts: 2, run: final }] }),
  ]);

describe("a job that was run twice", () => {
  const oneResult = { property: "one-result" };

  it("has one result when the late completion was refused", () => {
    expect(jobs(runTwice("fail", "ok", "w2-1"), oneResult)).toMatchObject({
      verdict: "holds",
      figures: { contested: 1, "completions refused": 1 },
    });
  });

  it("has two when both were accepted, or when the queue has the refused one's in the end", () => {
    expect(jobs(runTwice("ok", "ok", "w1-1"), oneResult).findings[0]).toMatchObject({
      kind: "two-results",
      sentence:
        "The queue accepted 2 results of the job p:1 of q, of w2 (run w2-1) at 0.011 s and w1 (run w1-1) at 0.013 s.",
    });
    expect(jobs(runTwice("fail", "ok", "w1-1"), oneResult).findings[0]).toMatchObject({
      kind: "result-replaced",
      sentence:
        "The queue accepted the result of the job p:1 of q of w2 (run w2-1) at 0.011 s, and has that of the run w1-1 in the end.",
    });
  });

  it("leaves open what a completion with an unknown outcome did", () => {
    expect(jobs(runTwice("info", "ok", "w2-1"), oneResult).verdict).toBe("unknown");
  });

  it("tests nothing when only one run asked to be completed", () => {
    const once = historyOf([row(1, 1, "invoke", "ack", FIRST), row(2, 1, "ok", "ack", FIRST)]);
    expect(jobs(once, oneResult).verdict).toBe("vacuous");
  });
});

describe("a job of a killed worker", () => {
  const rows = [
    phaseRow(0, "load"),
    row(1, 1, "invoke", "deliver", { channel: "q" }),
    row(2, 1, "ok", "deliver", { ...FIRST, start: 1 }),
    faultRow(5, "kill", "inject", ["w1"]),
    faultRow(6, "kill", "active", ["w1"]),
  ];
  const options = { property: "takeover", afterFault: "kill", boundMs: 100 };

  it("is told with its worker, the kill and who came too late", () => {
    const late = [
      row(10, 2, "invoke", "deliver", { channel: "q" }),
      row(206, 2, "ok", "deliver", { ...SECOND, start: 2 }),
    ];
    const { verdict, findings } = jobs(historyOf([...rows, ...late, phaseRow(300, "final")]), options);
    expect(verdict).toBe("broken");
    expect(findings[0]?.sentence).toBe(
      "w1 had begun with the job p:1 of q at 0.002 s; w1 was killed at 0.005 s, and w2 began with it only at 0.206 s, 200 ms later.",
    );
  });

  it("is undecided when the workers end before the bound", () => {
    expect(jobs(historyOf([...rows, phaseRow(50, "final")]), options).verdict).toBe("unknown");
    expect(jobs(historyOf([...rows, phaseRow(107, "final")]), options).verdict).toBe("broken");
  });
});

it("refuses options that make no sense", () => {
  expect(() => jobs(historyOf([]), { property: "once" })).toThrow(/options of the checker jobs/);
  expect(() => jobs(historyOf([]), { property: "takeover", afterFault: "kill" })).toThrow(/boundMs/);
});
