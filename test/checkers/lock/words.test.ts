/**
 * What the sentences about locks say: no more than the history shows, and nothing less than it shows of whose fault it
 * was.
 */
import { describe, expect, it } from "vitest";
import { lockOverlap } from "../../../checkers/lock/overlap.ts";
import { lockResource } from "../../../checkers/lock/resource.ts";
import type { Row } from "../history-of.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import { faultRow, historyOf, row } from "../history-of.ts";

describe("a finding about a library that says nothing", () => {
  const held = { key: "lock:a", grant: "w1-1" };
  const other = { key: "lock:a", grant: "w2-1" };
  const grant = { ttlMs: 2_000, attemptMs: 1, says: [] };
  const history = historyOf([
    row(1, 1, "invoke", "acquire", "lock:a"),
    row(2, 1, "ok", "acquire", { ...held, ...grant }),
    row(3, 1, "invoke", "read", held),
    row(4, 1, "ok", "read", { ...held, value: 0, seq: 1 }),
    row(5, 1, "invoke", "extend", held),
    row(6, 1, "ok", "extend", held),
    row(7, 2, "invoke", "acquire", "lock:a"),
    row(8, 2, "ok", "acquire", { ...other, ...grant }),
    row(9, 2, "invoke", "read", other),
    row(10, 2, "ok", "read", { ...other, value: 0, seq: 2 }),
    row(11, 1, "invoke", "write", { ...held, value: 1 }),
    row(12, 1, "ok", "write", { ...held, value: 1, seq: 3 }),
    row(13, 1, "invoke", "release", held),
    row(14, 1, "ok", "release", { ...held, freed: false }),
  ]);
  const story =
    "w1 got it at 0.002 s (for how long, it did not say) and had not let go when w2 got it at 0.008 s (for how long, it did not say); " +
    "at 0.011 s w1 sent a write that the resource should not have accepted, as w2 had used it since w1 began.";

  it("names the write before it is called one that should not have been accepted", () => {
    const [finding] = lockOverlap(history, { level: "grant" }).findings;
    expect(finding?.sentence).toBe(`w1 and w2 both held lock:a for 2 ms: ${story}`);
  });

  it("does not say that anybody was told anything", () => {
    const { reason, findings } = lockOverlap(history, { level: "belief" });
    expect(findings[0]?.sentence).toBe(
      `w1 and w2 both had to believe, as their libraries say nothing between grant and release, that they held lock:a for 2 ms: ${story}`,
    );
    expect(reason).toMatch(/^1 lock was granted while another client still had to believe in the same one, /);
  });

  it("shows the release with its completion", () => {
    expect(lockOverlap(history, { level: "grant" }).findings[0]?.events).toEqual(expect.arrayContaining([12, 13]));
    expectFindingsToSuffice(lockOverlap, history, { level: "belief" });
  });
});

describe("a finding about two clients, where one library says something", () => {
  it("says who was told, and who had to believe", () => {
    const own = (worker: number) => ({ key: "a", grant: `g${worker}` });
    const history = historyOf([
      row(1, 1, "invoke", "acquire", "a"),
      row(2, 1, "ok", "acquire", { ...own(1), validForMs: 50, says: ["validUntil"] }),
      row(3, 2, "invoke", "acquire", "a"),
      row(4, 2, "ok", "acquire", { ...own(2), says: [] }),
      row(9, 1, "invoke", "release", own(1)),
      row(10, 2, "invoke", "release", own(2)),
    ]);
    expect(lockOverlap(history, { level: "belief" }).findings[0]?.sentence).toMatch(
      /^w1 was told by its own library, and w2, whose library says nothing between grant and release, had to believe, that it held a for 5 ms: /,
    );
  });
});

describe("the reason of several overlaps", () => {
  it("tells the longest, and how long they were in all, without counting a moment twice", () => {
    const hold = (worker: number, from: number, to: number): Row[] => [
      row(from - 1, worker, "invoke", "acquire", "a"),
      row(from, worker, "ok", "acquire", { key: "a", grant: `g${worker}` }),
      row(to, worker, "invoke", "release", { key: "a", grant: `g${worker}` }),
    ];
    const history = historyOf([...hold(0, 10, 60), ...hold(1, 20, 50), ...hold(2, 30, 40), ...hold(3, 55, 80)]);
    const { reason, figures } = lockOverlap(history, { level: "grant" });
    expect(reason).toMatch(/for up to 30 ms, and 35 ms in all\.$/);
    expect(figures).toMatchObject({ "longest overlap ms": 30, "overlap in all ms": 35 });
  });
});

describe("a grant whose attempt took longer than the lock lives", () => {
  // w1 asks at 10 and is granted the lock on the server; its answer comes at 2,400, when w2 has the lock.
  const mine = { key: "a", grant: "g1" };
  const other = { key: "a", grant: "g2" };
  const rows = [
    row(10, 1, "invoke", "acquire", "a"),
    row(2_300, 2, "invoke", "acquire", "a"),
    row(2_310, 2, "ok", "acquire", { ...other, ttlMs: 2_000, attemptMs: 5, validForMs: 1_990 }),
    row(2_320, 2, "invoke", "read", other),
    row(2_330, 2, "ok", "read", { ...other, value: 0, seq: 1 }),
    row(2_400, 1, "ok", "acquire", { ...mine, ttlMs: 2_000, attemptMs: 2_389, validForMs: 2_000 }),
    row(2_410, 1, "invoke", "read", mine),
    row(2_420, 1, "ok", "read", { ...mine, value: 0, seq: 2 }),
    row(2_430, 2, "invoke", "write", { ...other, value: 1 }),
    row(2_440, 2, "ok", "write", { ...other, value: 1, seq: 3 }),
    row(2_500, 2, "invoke", "release", other),
    row(2_510, 1, "invoke", "release", mine),
  ];
  const attempt =
    "w1's attempt had outlasted its own lock (it took 2.389 s, and the lock lives for 2 s): counted from before the request, it was over when w1 got it";

  it("is what the finding tells, and not the other one's write", () => {
    const history = historyOf(rows);
    const [finding] = lockOverlap(history, { level: "grant" }).findings;
    expect(finding?.sentence).toContain(attempt);
    expect(finding?.sentence).toContain(
      "under the lock that was over w1 used the resource at 2.410 s, between the first access of w2 and its write at 2.430 s, which the resource accepted",
    );
    expect(finding?.sentence).not.toContain("should not have");
    expectFindingsToSuffice(lockOverlap, history, { level: "grant" });
  });

  it("is told of the resource, too", () => {
    const entry = (seq: number, op: string, grant: string, value: number) => ({
      seq,
      op,
      grant,
      value,
      accepted: true,
    });
    const entries = [entry(1, "read", "g2", 0), entry(2, "read", "g1", 0), entry(3, "write", "g2", 1)];
    const history = historyOf([
      ...rows,
      row(3_000, 9, "invoke", "log", "a"),
      row(3_001, 9, "ok", "log", { key: "a", entries }),
    ]);
    const [finding] = lockResource(history, {}).findings;
    expect(finding?.sentence).toMatch(
      /by w2 \(grant g2\) \(access 3\): w1 \(grant g1\), whose lock was over, had used it/,
    );
    expect(finding?.sentence).toContain(attempt);
    expectFindingsToSuffice(lockResource, history, {});
  });

  it("is not said of one that waited for another holder, as blocking libraries do", () => {
    const waited = historyOf([
      row(1, 3, "invoke", "acquire", "a"),
      row(2, 3, "ok", "acquire", { key: "a", grant: "g3", ttlMs: 2_000, attemptMs: 1 }),
      row(1_500, 3, "invoke", "release", { key: "a", grant: "g3" }),
      ...rows,
    ]);
    for (const { sentence } of lockOverlap(waited, { level: "grant" }).findings)
      expect(sentence).not.toMatch(/outlasted/);
  });
});

describe("a finding of one lane", () => {
  const lane = (first: number, ms: number): Row[] => [
    row(ms, first, "invoke", "acquire", "a"),
    row(ms + 1, first, "ok", "acquire", { key: "a", grant: `g${first}`, validForMs: 90 }),
    row(ms + 2, first + 1, "invoke", "acquire", "a"),
    row(ms + 3, first + 1, "ok", "acquire", { key: "a", grant: `g${first + 1}`, validForMs: 90 }),
    row(ms + 50, first, "invoke", "release", { key: "a", grant: `g${first}` }),
    row(ms + 60, first + 1, "invoke", "release", { key: "a", grant: `g${first + 1}` }),
  ];
  const history = historyOf([
    faultRow(0, "pause", "inject", ["w1"], { fault: "own" }),
    faultRow(0, "link", "inject", ["w3", "n1"], { fault: "others" }),
    faultRow(0, "pause", "inject", ["w7"], { fault: "of one that did nothing" }),
    faultRow(0, "kill", "inject", ["n1"], { fault: "of a node" }),
    ...lane(1, 10),
    ...lane(3, 10),
  ]);

  it("tells of its own faults and of those of nodes, not of those of another lane", () => {
    const [finding] = lockOverlap(history.ofWorkers(["w1", "w2"]), { level: "grant" }).findings;
    expect(finding?.sentence).toMatch(/; w1 was paused from 0\.000 s on; n1 was killed at 0\.000 s\.$/);
  });
});
