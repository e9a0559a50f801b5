/**
 * Stored histories with known verdicts: `NAME.jsonl`, and beside it `NAME.json` with the checker or the model, its
 * options, and what it must say.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MODELS } from "../../checkers/models.ts";
import { checkerNamed } from "../../checkers/registry.ts";
import { columnsOf } from "../../history/columns/columns.ts";
import type { History } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import type { ClaimVerdict } from "../../history/plan.ts";
import { readHistory } from "../../history/read.ts";
import { expectFindingsToSuffice, expectWitnessesToSuffice } from "./findings-suffice.ts";

/** What a checker of claims says. */
interface ClaimExpectation {
  readonly about: string;
  readonly checker: string;
  readonly options: { readonly [key: string]: Json };
  readonly verdict: ClaimVerdict;
  /** The kinds of the findings, in their order. */
  readonly kinds: readonly string[];
  /** What the first finding's sentence, or without one the reason, must say. */
  readonly says: string;
}

/** What an analysis says. */
interface AnalysisExpectation {
  readonly about: string;
  /** One of `MODELS`. */
  readonly model: string;
  readonly options: { readonly [key: string]: Json };
  readonly valid: boolean | "unknown";
  /** How many of each name were found. */
  readonly anomalies: { readonly [name: string]: number };
  /** The weakest models that are ruled out; left out where the model is not one of consistency. */
  readonly not?: readonly string[];
  /** What the first anomaly's sentence, or without one the reason, must say. */
  readonly says: string;
}

const ROOT = join(import.meta.dirname, "..", "histories");

for (const folder of ["valid", "invalid"]) {
  describe(`the ${folder} histories`, () => {
    const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".jsonl"));

    it("are there", () => expect(names.length).toBeGreaterThan(folder === "valid" ? 5 : 15));

    it.each(names)("%s", async (name) => {
      const file = join(ROOT, folder, name);
      const expected = JSON.parse(readFileSync(file.replace(/l$/, ""), "utf8")) as
        ClaimExpectation | AnalysisExpectation;
      const { history, warnings } = await readHistory(file);
      expect(warnings).toEqual([]);
      if ("model" in expected) {
        expect(expected.valid === false).toBe(folder === "invalid");
        expectAnalysis(history, expected);
      } else {
        expect(expected.verdict === "broken").toBe(folder === "invalid");
        expectClaim(history, expected);
      }
    });
  });
}

function expectClaim(history: History, { checker: name, options, verdict, kinds, says }: ClaimExpectation): void {
  const checker = checkerNamed(name);
  const result = checker(history, options);
  expect(result.verdict, result.reason).toBe(verdict);
  expect(result.findings.map(({ kind }) => kind)).toEqual(kinds);
  expect(result.findings[0]?.sentence ?? result.reason).toBe(says);
  expectFindingsToSuffice(checker, history, options);
}

function expectAnalysis(history: History, { model, options, valid, anomalies, not, says }: AnalysisExpectation): void {
  const analyze = MODELS.get(model);
  if (analyze === undefined) throw new Error(`there is no model ${model}`);
  const found = analyze(columnsOf(history), options);
  expect(found.valid, found.reason).toBe(valid);
  expect(found.counts).toEqual(anomalies);
  if (not !== undefined) expect(found.not).toEqual(not);
  expect(Object.values(found.anomalies)[0]?.[0]?.sentence ?? found.reason).toBe(says);
  expectWitnessesToSuffice(analyze, history, options);
}
