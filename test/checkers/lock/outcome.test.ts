/** What a call came to that ran a routine under a lock, against the definition. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lockOutcome } from "../../../checkers/lock/outcome.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import { historyOf, row } from "../history-of.ts";
import type { Row } from "../history-of.ts";

const call = fc.record({
  writes: fc.constantFrom("ok" as const, "fail" as const, "info" as const, "never" as const),
  settled: fc.constantFrom("fulfilled", "rejected", "unknown", undefined),
});
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

function rowsOf({ writes, settled }: Call, i: number): Row[] {
  const own = { key: "a", grant: `g${i}` };
  const at = 10 * i;
  // A process that does not know what became of its write does not go on.
  const after = writes === "info" ? 100 + i : i;
  return [
    row(at, i, "invoke", "acquire", "a"),
    row(at + 1, i, "ok", "acquire", own),
    ...(writes === "never"
      ? []
      : [row(at + 2, i, "invoke", "write", own), row(at + 3, i, writes, "write", { ...own, seq: i })]),
    ...(settled === undefined
      ? []
      : [
          row(at + 4, after, "invoke", "outcome", own),
          settled === "unknown"
            ? row(at + 5, after, "info", "outcome", own)
            : row(at + 5, after, "ok", "outcome", {
                ...own,
                settled,
                ...(settled === "rejected" ? { error: "E" } : {}),
              }),
        ]),
  ];
}

describe("lock-outcome", () => {
  it("counts the calls that rejected after an accepted write", () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 6 }), (calls) => {
        const history = historyOf(calls.flatMap(rowsOf));
        const result = lockOutcome(history, {});
        const wrong = calls.filter(({ writes, settled }) => writes === "ok" && settled === "rejected").length;
        const known = calls.filter(({ settled }) => settled === "fulfilled" || settled === "rejected").length;
        expect(result.count).toBe(wrong);
        expect(result.verdict).toBe(wrong > 0 ? "broken" : known < 2 ? "vacuous" : "holds");
        expect(result.figures["outcomes"]).toBe(known);
        expectFindingsToSuffice(lockOutcome, history, {});
      }),
      { numRuns: 1_000 },
    );
  });

  it("says who, when and with what", () => {
    const history = historyOf(rowsOf({ writes: "ok", settled: "rejected" }, 1));
    expect(lockOutcome(history, {}).findings[0]?.sentence).toMatch(
      /got a at 0\.011 s, and its write was accepted at 0\.013 s; at 0\.015 s its call rejected all the same \(“E”\)\.$/,
    );
  });
});
