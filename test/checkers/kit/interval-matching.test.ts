/** The greedy pairs are as many as any choice can make. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { mostPairs } from "../../../checkers/kit/interval-matching.ts";
import type { Span } from "../../../checkers/kit/phases.ts";

const spans = fc.array(
  fc
    .record({ from: fc.nat(12), length: fc.oneof({ weight: 6, arbitrary: fc.nat(5) }, fc.constant(Infinity)) })
    .map(({ from, length }): Span => ({ from, to: from + length })),
  { maxLength: 6 },
);

function overlap(a: Span, b: Span): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/** By trying everything. */
function mostOf([first, ...rest]: readonly Span[], others: readonly Span[]): number {
  if (first === undefined) return 0;
  const paired = others
    .filter((other) => overlap(first, other))
    .map(
      (other) =>
        1 +
        mostOf(
          rest,
          others.filter((each) => each !== other),
        ),
    );
  return Math.max(mostOf(rest, others), ...paired);
}

it("pairs as many intervals as can be, each once, with one that it overlaps", () => {
  fc.assert(
    fc.property(spans, spans, (ones, others) => {
      const pairs = [...mostPairs(ones, others)];
      expect(pairs.every(([one, other]) => ones.includes(one) && others.includes(other) && overlap(one, other))).toBe(
        true,
      );
      expect(new Set(pairs.map(([, other]) => other)).size).toBe(pairs.length);
      expect(pairs).toHaveLength(mostOf(ones, others));
    }),
    { numRuns: 1_000 },
  );
});
