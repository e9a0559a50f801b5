import { describe, expect, it } from "vitest";
import { seededRandom } from "../../history/random.ts";

describe("seeded randomness", () => {
  it("gives the same numbers for the same seed", () => {
    const draw = (seed: number): number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => random.integer(0, 1_000_000));
    };
    expect(draw(7)).toEqual(draw(7));
  });

  it("gives neighbouring seeds different first numbers", () => {
    const seeds = Array.from({ length: 200 }, (_, i) => i);
    const firsts = seeds.map((seed) => {
      const random = seededRandom(seed);
      return Array.from({ length: 5 }, () => random.integer(0, 1)).join("");
    });
    // There are 32, and 200 tries.
    expect(new Set(firsts).size).toBeGreaterThan(24);
    const most = Math.max(...firsts.map((first) => firsts.filter((each) => each === first).length));
    expect(most).toBeLessThan(20);
  });
});
