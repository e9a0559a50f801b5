import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { campaigns } from "../../../campaigns/index.ts";
import { readDurations } from "../../../session/select/read-durations.ts";
import { campaignsOfShard } from "../../../session/select/shard-campaigns.ts";

/** Campaigns by name, some of them measured, and a number of shards. */
const cases = fc.record({
  named: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 30 }),
  measures: fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 120_000 })),
  lengths: fc.array(fc.integer({ min: 0, max: 120_000 }), { minLength: 30, maxLength: 30 }),
  measured: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
  of: fc.integer({ min: 1, max: 12 }),
});

function shardsOf(named: readonly { name: string }[], of: number, durations: ReadonlyMap<string, number>) {
  return Array.from({ length: of }, (_, i) => campaignsOfShard(named, { index: i + 1, of }, durations));
}

describe("campaignsOfShard", () => {
  it("puts every campaign into exactly one shard, in the given order, whatever was measured", () => {
    fc.assert(
      fc.property(cases, ({ named, measures, lengths, measured, of }) => {
        const list = named.map((name) => ({ name }));
        const own = named.flatMap((name, i) => (measured[i] === true ? [[name, lengths[i] ?? 0] as const] : []));
        // Campaigns that are measured but not chosen must not matter to which campaigns are run.
        const shards = shardsOf(list, of, new Map([...Object.entries(measures), ...own]));
        expect(shards.flat().toSorted((a, b) => named.indexOf(a.name) - named.indexOf(b.name))).toEqual(list);
        for (const shard of shards) expect(shard).toEqual(list.filter((campaign) => shard.includes(campaign)));
      }),
    );
  });

  it("never makes the longest shard longer than 4/3 of the best that is possible", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 9 }),
        fc.integer({ min: 1, max: 3 }),
        (ms, of) => {
          const named = ms.map((_, i) => ({ name: `c${i}` }));
          const durations = new Map(ms.map((length, i) => [`c${i}`, length]));
          const loads = shardsOf(named, of, durations).map((shard) =>
            shard.reduce((sum, { name }) => sum + (durations.get(name) ?? 0), 0),
          );
          expect(Math.max(...loads)).toBeLessThanOrEqual((bestMakespan(ms, of) * 4) / 3);
        },
      ),
    );
  });

  it("counts a campaign without a measure as the median", () => {
    const named = ["short", "middle", "long", "new"].map((name) => ({ name }));
    const durations = new Map([
      ["short", 1],
      ["middle", 50],
      ["long", 100],
    ]);
    // 100 | 50 + 50 (new) + 1
    expect(shardsOf(named, 2, durations).map((shard) => shard.map(({ name }) => name))).toEqual([
      ["short", "long"],
      ["middle", "new"],
    ]);
  });
});

/** By trying all ways. */
function bestMakespan([first, ...rest]: readonly number[], of: number, loads = Array<number>(of).fill(0)): number {
  if (first === undefined) return Math.max(...loads);
  return Math.min(
    ...loads.map((_, i) =>
      bestMakespan(
        rest,
        of,
        loads.map((load, j) => (i === j ? load + first : load)),
      ),
    ),
  );
}

it("has measures of shipped campaigns only", async () => {
  const names = new Set(campaigns.map(({ name }) => name));
  const durations = await readDurations(undefined);
  expect(durations.size).toBeGreaterThan(0);
  expect([...durations.keys()].filter((name) => !names.has(name))).toEqual([]);
});
