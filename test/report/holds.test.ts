/** The holds that a report draws are the grants that the checkers judge. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Grant } from "../../checkers/lock/parts/grants.ts";
import { grantsOf, holdsOf as spansOf } from "../../checkers/lock/parts/grants.ts";
import type { History } from "../../history/history.ts";
import { readHistory } from "../../history/read.ts";
import { ValueError } from "../../history/vocabulary/read.ts";
import type { Hold } from "../../report/holds.ts";
import { holdsOf, validUntil } from "../../report/holds.ts";
import { arbitraryLocks, arbitraryTokens } from "../checkers/arbitrary-locks.ts";
import { historyOf, row } from "../checkers/history-of.ts";

const ROOT = join(import.meta.dirname, "..", "histories");

/** Undefined where the checkers refuse the history. */
function judged(history: History): Grant[] | undefined {
  try {
    return grantsOf(history);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

function expectSameHolds(history: History, grants: readonly Grant[]): void {
  const holds = holdsOf(history);
  expect(holds).toMatchObject(
    grants.map(({ id, key, who, token, ok, end, release }) => ({
      grant: id,
      key,
      lane: who,
      token,
      acquired: ok.index,
      fromUs: ok.time / 1000,
      toUs: end.time / 1000,
      released: release !== undefined,
    })),
  );
  for (const [i, grant] of grants.entries()) expectSameValidity(holds[i], grant);
}

function expectSameValidity(hold: Hold | undefined, grant: Grant): void {
  const named = hold?.validity.length ?? 0;
  if (hold === undefined || named < grant.told.length) expect.unreachable("a word of the library is left out");
  // What a library said with a write can only have been said besides.
  if (named === grant.told.length)
    expect(validUntil(hold) ?? Infinity).toBe(grant.validUntil === Infinity ? Infinity : grant.validUntil / 1000);
  for (const { from, to } of spansOf(grant, "belief")) {
    expect(from / 1000).toBeGreaterThanOrEqual(hold.fromUs);
    expect(Math.max(from, to) / 1000).toBeLessThanOrEqual(Math.max(from / 1000, hold.toUs));
  }
}

describe("the holds of a report are the checkers' grants", () => {
  const files = ["valid", "invalid"].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.startsWith("lock-") && name.endsWith(".jsonl"))
      .map((name) => `${folder}/${name}`),
  );

  it.each(files)("in %s", async (file) => {
    const { history } = await readHistory(join(ROOT, file));
    const grants = judged(history);
    expect(grants).toBeDefined();
    expectSameHolds(history, grants ?? []);
  });

  it("in random histories of locks", () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryLocks({ faults: true, log: true }), arbitraryTokens()), (history) => {
        const grants = judged(history);
        if (grants !== undefined) expectSameHolds(history, grants);
      }),
    );
  });

  it("also where another acquire cannot be read, which the checkers refuse", () => {
    const history = historyOf([
      row(0, 1, "invoke", "acquire", null),
      row(1, 1, "ok", "acquire", null),
      row(2, 2, "invoke", "acquire", "a"),
      row(3, 2, "ok", "acquire", { key: "a", grant: "g" }),
    ]);
    expect(judged(history)).toBeUndefined();
    expect(holdsOf(history)).toMatchObject([{ grant: "g", fromUs: 3000, toUs: 3000, released: false }]);
  });
});

describe("a hold that was never released", () => {
  it("ends when its client asks for the same lock again", () => {
    const history = historyOf([
      row(0, 1, "invoke", "acquire", "a"),
      row(1, 1, "ok", "acquire", { key: "a", grant: "g1" }),
      row(5, 1, "invoke", "acquire", "a"),
      row(9, 1, "ok", "acquire", { key: "a", grant: "g2" }),
    ]);
    expect(holdsOf(history).map(({ grant, toUs }) => [grant, toUs])).toEqual([
      ["g1", 5000],
      ["g2", 9000],
    ]);
  });
});
