/** Extensions that are confirmed after a loss, against the definition. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lockExtension } from "../../../checkers/lock/extension.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import { historyOf, row } from "../history-of.ts";
import type { Row } from "../history-of.ts";

const turn = fc.record({
  gap: fc.integer({ min: 1, max: 20 }),
  thinks: fc.integer({ min: 1, max: 20 }),
  extended: fc.constantFrom("ok" as const, "fail" as const, "info" as const, "never" as const),
});
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

interface Extension {
  readonly worker: number;
  readonly okMs: number;
  readonly extendMs: number | undefined;
}

function simulate(turns: readonly Turn[], worker: number): { rows: Row[]; extensions: Extension[] } {
  const rows: Row[] = [];
  const extensions: Extension[] = [];
  let [ms, process] = [worker / 10, worker];
  turns.forEach(({ gap, thinks, extended }, i) => {
    const own = { key: "a", grant: `w${worker}-${i}` };
    rows.push(row((ms += gap), process, "invoke", "acquire", "a"), row((ms += 1), process, "ok", "acquire", own));
    const okMs = ms;
    ms += thinks;
    extensions.push({ worker, okMs, extendMs: extended === "ok" ? ms : undefined });
    if (extended === "never") return;
    rows.push(row(ms, process, "invoke", "extend", own), row((ms += 1), process, extended, "extend", own));
    if (extended === "info") process += 10;
  });
  return { rows, extensions };
}

describe("lock-extension", () => {
  it("counts the extensions that were confirmed after another client had got the lock", () => {
    fc.assert(
      fc.property(fc.array(fc.array(turn, { maxLength: 4 }), { minLength: 1, maxLength: 3 }), (workers) => {
        const all = workers.map((turns, i) => simulate(turns, i + 1));
        const history = historyOf(all.flatMap(({ rows }) => rows));
        const grants = all.flatMap(({ extensions }) => extensions);
        const wrong = grants.filter(({ worker, okMs, extendMs = -1 }) =>
          grants.some((other) => other.worker !== worker && other.okMs > okMs && other.okMs < extendMs),
        );
        expect(lockExtension(history, {}).count).toBe(wrong.length);
        expectFindingsToSuffice(lockExtension, history, {});
      }),
      { numRuns: 2_000 },
    );
  });

  it("is vacuous where nothing was extended", () => {
    const { rows } = simulate([{ gap: 1, thinks: 1, extended: "never" }], 1);
    expect(lockExtension(historyOf(rows), {}).verdict).toBe("vacuous");
  });
});
