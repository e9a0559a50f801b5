import { describe, expect, it } from "vitest";
import { campaigns } from "../../../campaigns/index.ts";
import { selectCampaigns } from "../../../session/select/select-campaigns.ts";
import { UsageError } from "../../../machine/usage-error.ts";

const all = { patterns: [], suite: undefined, shard: undefined, durations: new Map<string, number>() };

function names(selection: Partial<Parameters<typeof selectCampaigns>[1]>): string[] {
  return selectCampaigns(campaigns, { ...all, ...selection }).map((campaign) => campaign.name);
}

describe("selectCampaigns", () => {
  it("takes the standard suite by default, which contains the quick one", () => {
    expect(names({})).toEqual(names({ suite: "standard" }));
    expect(names({})).toEqual(expect.arrayContaining(names({ suite: "quick" })));
    expect(names({ suite: "nightly" })).toHaveLength(campaigns.length);
  });

  it("takes a whole name for one campaign, even where other names contain it", () => {
    expect(names({ patterns: ["lock-simple"] })).toEqual(["lock-simple"]);
  });

  it("takes parts of names, and names with stars", () => {
    expect(names({ patterns: ["redlock"] })).toEqual(
      campaigns.map(({ name }) => name).filter((name) => name.includes("redlock")),
    );
    expect(names({ patterns: ["redlock-*"] })).toEqual(
      campaigns.map(({ name }) => name).filter((name) => name.startsWith("redlock-")),
    );
  });

  it("takes dots for dots", () => {
    expect(() => names({ patterns: ["lock.simple"] })).toThrow(UsageError);
  });

  it("says what was probably meant", () => {
    expect(() => names({ patterns: ["lock-simpel"] })).toThrow(/"lock-simpel" \(did you mean lock-simple/);
  });

  it("says when only a larger suite has it", () => {
    const outside = campaigns.find((campaign) => campaign.suite !== "quick");
    expect(() => names({ patterns: [String(outside?.name)], suite: "quick" })).toThrow(/larger --suite/);
  });

  it("cuts into shards that are disjoint and together everything", () => {
    const shards = [1, 2, 3].flatMap((index) => names({ suite: "nightly", shard: { index, of: 3 } }));
    expect(shards).toHaveLength(campaigns.length);
    expect(new Set(shards).size).toBe(campaigns.length);
  });
});
