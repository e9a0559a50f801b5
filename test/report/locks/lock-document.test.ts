/** The documents on locks: what they say comes from runs, and from nowhere else. */
import { describe, expect, it } from "vitest";
import { DOCUMENT_WORDS } from "../../../session/document-words.ts";
import { lockDocument } from "../../../report/locks/lock-document.ts";
import type { DocumentedLockRun } from "../../../report/locks/lock-document.ts";
import type { RunSummary } from "../../../store/stored-run.ts";
import { lookedFor, median, trackRecord, wasFound } from "../../../report/locks/track-record.ts";
import { lockRun } from "../lock-run.ts";

const WORDS = DOCUMENT_WORDS.lock;

function documented(lock: string, campaign = "c", hostile?: string): DocumentedLockRun {
  const options = { seed: 3, workers: 3, keys: 1, loadMs: 8_000 };
  const { plan, run, verdict } = lockRun(hostile === undefined ? options : { ...options, hostile });
  return { lock, campaign, verdict, plan, facts: { ...run, lock } };
}

describe("the document on locks", () => {
  it("has locks × campaigns, the circumstances, and what was seen of each", () => {
    const text = lockDocument([documented("b@2.0.0"), documented("a@1.0.0"), documented("a@1.0.0", "d")], WORDS);
    expect(text).toContain("| campaign | a@1.0.0 | b@2.0.0 |");
    expect(text).toMatch(/\| \[c\]\(#c\) \| \S/);
    expect(text).toMatch(/\| \[d\]\(#d\) \| [^|]+ \| \*not applicable\* \|/);
    expect(text).toMatch(/3 runs, on \d{4}-\d\d-\d\d; seed \d+; server /);
    expect(text).toContain("\n## c\n");
  });

  it("takes text from runs for text", () => {
    expect(lockDocument([documented("<img>|`x`", "c", "<img src=x>")], WORDS)).not.toContain("<img");
  });

  it("is none without a run", () => {
    expect(() => lockDocument([], WORDS)).toThrow("no run");
  });
});

describe("the track record", () => {
  const bug = {
    title: "A lock is granted twice.",
    lock: "a@1.0.0",
    campaign: "c",
    claim: "grant",
    source: "https://example.org",
    without: "a@1.0.1",
  };
  const { run, verdict } = lockRun({ seed: 3, workers: 3, keys: 1, loadMs: 8_000 });

  function summary(lock: string, found: "broken" | "holds" | "unknown", seconds: number, seed = 7): RunSummary {
    const [judged] = verdict?.claims ?? [];
    if (verdict === undefined || judged === undefined) throw new Error("the run was not judged");
    const claims = [{ claim: { ...judged.claim, id: "grant" }, result: { ...judged.result, verdict: found } }];
    return {
      folder: "",
      campaign: "c",
      name: "",
      seed,
      startedAt: "2026-11-25T00:00:00Z",
      run: { ...run, lock, seed, durationMs: seconds * 1_000, startedAt: "2026-11-25T00:00:00Z" },
      verdict: { ...verdict, claims },
      hasReport: true,
      warnings: [],
    };
  }

  it("tells how often each bug was found, how soon, and that it is not found where it is not", () => {
    const runs = [
      summary("a@1.0.0", "broken", 4),
      summary("a@1.0.0", "broken", 9, 8),
      summary("a@1.0.0", "broken", 5, 10),
      summary("a@1.0.1", "holds", 1),
    ];
    const looked = lookedFor(bug, runs);
    expect(wasFound(looked)).toBe(true);
    const text = trackRecord([looked], runs);
    expect(text).toContain("| a@1.0.0 | c: grant | 3 of 3 | 5.0 s | a@1.0.1: holds in 1 of 1 |");
    expect(text).toMatch(/Made on 2026-11-25 .* seeds 7 to 10/);
  });

  it("is not one when it was missed, or found where it is not, or not looked for", () => {
    const had = summary("a@1.0.0", "broken", 4);
    const well = summary("a@1.0.1", "holds", 4);
    expect(wasFound(lookedFor(bug, [had, summary("a@1.0.0", "unknown", 4), well]))).toBe(false);
    expect(wasFound(lookedFor(bug, [had, summary("a@1.0.1", "broken", 4)]))).toBe(false);
    expect(wasFound(lookedFor(bug, [had]))).toBe(false);
    expect(wasFound(lookedFor(bug, []))).toBe(false);
  });

  it("has the middle of an odd number of times, and between the two of an even one", () => {
    expect([median([3]), median([1, 9, 2]), median([1, 2, 4, 9])]).toEqual([3, 2, 3]);
  });
});
