/** The documents on locks: what they say comes from runs, and from nowhere else. */
import { describe, expect, it } from "vitest";
import { lockDocument } from "../../report/lock-document.ts";
import type { DocumentedLockRun } from "../../report/lock-document.ts";
import { median, trackRecord } from "../../report/track-record.ts";
import { lockRun } from "./lock-run.ts";

function documented(lock: string, campaign = "c", hostile?: string): DocumentedLockRun {
  const options = { seed: 3, workers: 3, keys: 1, loadMs: 8_000 };
  const { plan, run, verdict } = lockRun(hostile === undefined ? options : { ...options, hostile });
  return { lock, campaign, verdict, plan, facts: { ...run, lock } };
}

describe("the document on locks", () => {
  it("has locks × campaigns, the circumstances, and what was seen of each", () => {
    const text = lockDocument([documented("b@2.0.0"), documented("a@1.0.0"), documented("a@1.0.0", "d")]);
    expect(text).toContain("| campaign | a@1.0.0 | b@2.0.0 |");
    expect(text).toMatch(/\| \[c\]\(#c\) \| \S/);
    expect(text).toMatch(/\| \[d\]\(#d\) \| [^|]+ \| \*not applicable\* \|/);
    expect(text).toMatch(/3 runs, on \d{4}-\d\d-\d\d; seed \d+; server /);
    expect(text).toContain("\n## c\n");
  });

  it("takes text from runs for text", () => {
    expect(lockDocument([documented("<img>|`x`", "c", "<img src=x>")])).not.toContain("<img");
  });

  it("is none without a run", () => {
    expect(() => lockDocument([])).toThrow("no run");
  });
});

describe("the track record", () => {
  it("tells how often each bug was found, how soon, and that it is not found where it is not", () => {
    const text = trackRecord(
      [
        {
          title: "A lock is granted twice.",
          lock: "a@1.0.0",
          campaign: "c",
          claim: "promise",
          source: "https://example.org",
          found: 3,
          runs: 4,
          seconds: [4, 9, 5],
          without: { lock: "a@1.0.1", well: 4, runs: 4 },
        },
      ],
      { date: "2026-11-25", seeds: [7, 10], redquake: "1.2.3", machine: "a machine", server: "a server" },
    );
    expect(text).toContain("| a@1.0.0 | c: promise | 3 of 4 | 5.0 s | a@1.0.1: holds in 4 of 4 |");
    expect(text).toContain("seeds 7 to 10");
  });

  it("has the middle of an odd number of times, and between the two of an even one", () => {
    expect([median([3]), median([1, 9, 2]), median([1, 2, 4, 9])]).toEqual([3, 2, 3]);
  });
});
