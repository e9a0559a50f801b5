/** Losses that are reported and are none: each part of the definition by itself. */
import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import { lockFalseLoss } from "../../../checkers/lock/false-loss.ts";
import type { Json } from "../../../history/operation.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import { faultRow, historyOf, row } from "../history-of.ts";
import type { Row } from "../history-of.ts";

const TTL_MS = 100;
const OWN = { key: "a", grant: "w1-1" };

/** w1 asks at 8 ms where nothing else is said, and has the lock from 10 ms on. */
function granted(more: { readonly [name: string]: Json } = {}, askMs = 8): Row[] {
  return [
    row(askMs, 1, "invoke", "acquire", "a"),
    row(10, 1, "ok", "acquire", { ...OWN, ttlMs: TTL_MS, attemptMs: 10 - askMs, ...more }),
  ];
}

/** By a process of its own. */
function lost(ms: number): Row[] {
  return [row(ms, 21, "invoke", "lost", OWN), row(ms, 21, "ok", "lost", OWN)];
}

function belief(ms: number, said: { readonly [name: string]: Json }): Row[] {
  return [row(ms, 1, "invoke", "belief", OWN), row(ms + 1, 1, "ok", "belief", { ...OWN, ...said })];
}

function released(ms: number): Row[] {
  return [row(ms, 1, "invoke", "release", OWN), row(ms + 5, 1, "ok", "release", { ...OWN, freed: true })];
}

/** w2 gets the lock, and releases it where that is said. */
function another(askMs: number, okMs: number, release?: readonly [from: number, to: number, freed: Json]): Row[] {
  const own = { key: "a", grant: "w2-1" };
  return [
    row(askMs, 2, "invoke", "acquire", "a"),
    row(okMs, 2, "ok", "acquire", { ...own, ttlMs: TTL_MS, attemptMs: okMs - askMs }),
    ...(release === undefined
      ? []
      : [
          row(release[0], 2, "invoke", "release", own),
          row(release[1], 2, "ok", "release", { ...own, freed: release[2] }),
        ]),
  ];
}

function judge(rows: readonly Row[], options: { readonly [name: string]: Json } = {}): CheckResult {
  const history = historyOf(rows);
  const all = { minGrants: 1, ...options };
  expectFindingsToSuffice(lockFalseLoss, history, all);
  return lockFalseLoss(history, all);
}

const kinds = ({ findings }: CheckResult): string[] => findings.map(({ kind }) => kind);

describe("a loss that is reported", () => {
  it("is false within the time to live, from when it was asked for", () => {
    expect(kinds(judge([...granted(), ...lost(107)]))).toEqual(["false-loss"]);
    expect(judge([...granted(), ...lost(108)]).verdict).toBe("holds");
    expect(kinds(judge([...granted(), ...belief(50, { held: false })]))).toEqual(["false-loss"]);
  });

  it("is held against the release, where that was sent before", () => {
    const result = judge([...granted(), ...released(90), ...lost(150)]);
    expect(kinds(result)).toEqual(["false-loss"]);
    expect(result.findings[0]?.sentence).toMatch(
      /^w1 got a at 0\.010 s, and was told 140 ms later that it is lost, which it had begun to release at 0\.090 s: it was to live for 100 ms from 0\.008 s/,
    );
    expect(judge([...granted(), ...released(120), ...lost(150)]).verdict).toBe("holds");
  });

  it("may be true where another client has got the lock, or its late release can have freed it", () => {
    expect(judge([...granted(), ...another(20, 40), ...lost(50)]).verdict).toBe("holds");
    // Its own was over by then, and nobody says that it found another's.
    const before = another(-200, -190, [30, 35, null]);
    expect(judge([...before, ...granted(), ...lost(50)]).verdict).toBe("holds");
    expect(kinds(judge([...another(-200, -190, [30, 35, false]), ...granted(), ...lost(50)]))).toEqual(["false-loss"]);
    expect(kinds(judge([...another(-20, -10, [-5, 9, null]), ...granted(), ...lost(50)]))).toEqual(["false-loss"]);
  });

  it("may be true after a fault of a node", () => {
    expect(judge([...granted(), faultRow(40, "kill", "inject", ["n1"]), ...lost(50)]).verdict).toBe("holds");
    expect(kinds(judge([...granted(), faultRow(60, "kill", "inject", ["n1"]), ...lost(50)]))).toEqual(["false-loss"]);
  });

  it("is not what a validity is that ends", () => {
    expect(judge([...granted({ validForMs: 30 }), ...belief(50, { held: false, remainingMs: -11 })]).verdict).toBe(
      "holds",
    );
  });
});

describe("a loss that comes early", () => {
  const usable = { usableMs: 20 };

  it("is one of the first moments, by a report or by the validity that comes with the grant", () => {
    const late = (more: { readonly [name: string]: Json } = {}): Row[] => granted(more, -200);
    expect(kinds(judge([...late(), ...lost(25)], usable))).toEqual(["early-loss"]);
    expect(judge([...late(), ...lost(31)], usable).verdict).toBe("holds");
    expect(kinds(judge(late({ validForMs: 19 }), usable))).toEqual(["early-loss"]);
    expect(kinds(judge(late({ validForMs: -4 }), usable))).toEqual(["early-loss"]);
    expect(judge(late({ validForMs: 21 }), usable).verdict).toBe("holds");
    expect(judge(late({ validForMs: -4 })).verdict).toBe("holds");
  });

  it("is none for a client that was stopped meanwhile", () => {
    const pause = [faultRow(9, "pause", "inject", ["w1"]), faultRow(10, "pause", "healed", ["w1"])];
    expect(judge([...granted({ validForMs: -4 }), ...pause], usable).verdict).toBe("holds");
    // Who asks is stopped no more, also when that is seen a moment later.
    const seen = [faultRow(5, "pause", "inject", ["w1"]), faultRow(6, "pause", "active", ["w1"])];
    const over = [...seen, faultRow(7, "pause", "heal", ["w1"]), faultRow(9, "pause", "healed", ["w1"])];
    expect(kinds(judge([...granted({ validForMs: -4 }), ...over], usable))).toEqual(["early-loss"]);
  });
});

it("is vacuous where too few locks were granted", () => {
  expect(lockFalseLoss(historyOf(granted()), {}).verdict).toBe("vacuous");
});
