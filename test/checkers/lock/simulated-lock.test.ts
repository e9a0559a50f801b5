/** No false alarm on a correct lock, and no silence about a wrong one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkerNamed } from "../../../checkers/registry.ts";
import type { Json } from "../../../history/operation.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import type { Flaws, Told } from "../simulated-lock.ts";
import { simulatedLock, simulation } from "../simulated-lock.ts";

const RUNS = { numRuns: 300 };
type Options = { readonly [key: string]: Json };

const CORRECT: readonly (readonly [string, Options])[] = [
  ["lock-overlap", { level: "belief" }],
  ["lock-token-order", {}],
  ["lock-resource", {}],
  ["lock-release", {}],
  // Two that wait, a time to live, and the steps of the winner's own client: its pauses are not counted as waiting.
  ["lock-progress", { boundMs: 16 }],
];

describe("a correct lock with fencing, whose clients are paused", () => {
  it.each(CORRECT)("gives no finding of %s %o", (name, options) => {
    fc.assert(
      fc.property(simulatedLock(), (history) => {
        const result = checkerNamed(name)(history, options);
        expect(["holds", "vacuous"], result.reason).toContain(result.verdict);
      }),
      RUNS,
    );
  });

  it.each(TOLD)("frees nobody else's lock, whatever the clients' clocks and libraries say: %o", (told) => {
    fc.assert(
      fc.property(simulatedLock({}, told), (history) => {
        const result = checkerNamed("lock-release")(history, {});
        expect(["holds", "vacuous"], result.reason).toContain(result.verdict);
      }),
      RUNS,
    );
  });

  it("is held by two at once when a client is paused beyond its validity", () => {
    const results = fc
      .sample(simulatedLock(), { numRuns: 100, seed: 1 })
      .map((history) => checkerNamed("lock-overlap")(history, { level: "grant" }));
    expect(results.filter(({ verdict }) => verdict === "broken").length).toBeGreaterThan(50);
    expect(results.find(({ verdict }) => verdict === "broken")?.findings[0]?.sentence).toMatch(
      /both held a for .* was paused from/,
    );
  });
});

const TOLD: readonly Told[] = [{}, { noEnd: true }, { wrongClocks: true }];

const WRONG: readonly (readonly [string, Options, Flaws])[] = [
  ["lock-overlap", { level: "belief" }, { noExclusion: true }],
  ["lock-overlap", { level: "belief" }, { releaseByDelete: true }],
  ["lock-token-order", {}, { tokensStartAgain: true }],
  ["lock-resource", {}, { unfenced: true }],
  ["lock-release", {}, { releaseByDelete: true }],
  ["lock-progress", { boundMs: 16 }, { releaseForgets: true }],
];

describe("a wrong lock", () => {
  it.each(WRONG)("is found out by %s %o: %o", (name, options, flaws) => {
    const checker = checkerNamed(name);
    const histories = fc.sample(simulatedLock(flaws), { numRuns: 60, seed: 1 });
    const broken = histories.filter((history) => checker(history, options).verdict === "broken");
    expect(broken.length).toBeGreaterThan(30);
    for (const history of broken.slice(0, 10)) expectFindingsToSuffice(checker, history, options);
  });

  it.each(TOLD)(
    "whose only flaw is its release is never left unexplained, and every word of it is true: %o",
    (told) => {
      let certain = 0;
      fc.assert(
        fc.property(simulation({ releaseByDelete: true }, told), ({ history, freed }) => {
          const { verdict, reason, count, findings } = checkerNamed("lock-release")(history, {});
          expect(["broken", "holds", "vacuous"], reason).toContain(verdict);
          expect(count).toBeLessThanOrEqual(freed.length);
          for (const { sentence } of findings) {
            const [, by, robbed] = /^(w\d) sent .*: it freed the lock that (w\d) had got/.exec(sentence) ?? [];
            if (by === undefined) continue;
            certain += 1;
            expect(
              freed.some((each) => each.by.startsWith(`${by}-`) && each.robbed.startsWith(`${robbed}-`)),
              sentence,
            ).toBe(true);
          }
          if (told.noEnd === true || told.wrongClocks === true) return;
          // Where nobody was robbed, nobody held at the same time.
          if (verdict === "holds")
            expect(checkerNamed("lock-overlap")(history, { level: "belief" }).verdict).toBe("holds");
        }),
        { numRuns: 2_000 },
      );
      expect(certain).toBeGreaterThan(10);
    },
  );

  it("is not blamed on a release when locks are lost without one", () => {
    const histories = fc.sample(simulatedLock({ noExclusion: true }), { numRuns: 100, seed: 1 });
    expect(histories.every((history) => checkerNamed("lock-release")(history, {}).verdict !== "broken")).toBe(true);
  });
});
