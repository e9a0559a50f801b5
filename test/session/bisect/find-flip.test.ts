/** Finding where something changes, and the versions of a package. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findFlip } from "../../../session/bisect/find-flip.ts";

describe("the search for a change", () => {
  it("finds the one there is, in as few looks as halves ask for, and looks at nothing twice", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 200 }), fc.nat(), async (count, at) => {
        const candidates = Array.from({ length: count }, (_, i) => `1.${i}.0`);
        const flip = 1 + (at % (count - 1));
        const looked: string[] = [];
        const found = await findFlip(candidates, (candidate) => {
          looked.push(candidate);
          return Promise.resolve(candidates.indexOf(candidate) < flip ? "broken: belief" : "holds");
        });
        expect(found).toEqual({ before: candidates[flip - 1], after: candidates[flip] });
        expect(new Set(looked).size).toBe(looked.length);
        expect(looked.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(count)));
      }),
    );
  });

  it("finds one of several, where something changes back and forth", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 2, maxLength: 50 }), async (states) => {
        const candidates = states.map((_, i) => String(i));
        const look = (candidate: string): Promise<string> => Promise.resolve(String(states[Number(candidate)]));
        const found = await findFlip(candidates, look);
        if (states[0] === states.at(-1)) expect(found).toBeUndefined();
        else {
          expect(Number(found?.after)).toBe(Number(found?.before) + 1);
          expect(states[Number(found?.after)]).not.toBe(states[Number(found?.before)]);
        }
      }),
    );
  });

  it("has nothing to find in a single candidate", async () => {
    expect(await findFlip(["1.0.0"], () => Promise.resolve("holds"))).toBeUndefined();
  });
});
