/** Stored histories with known verdicts: `NAME.jsonl`, and beside it `NAME.json` with the checker, its options, and what it must say. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkerNamed } from "../../checkers/registry.ts";
import type { Json } from "../../history/operation.ts";
import type { ClaimVerdict } from "../../history/plan.ts";
import { readHistory } from "../../history/read.ts";
import { expectFindingsToSuffice } from "./findings-suffice.ts";

interface Expectation {
  readonly about: string;
  readonly checker: string;
  readonly options: { readonly [key: string]: Json };
  readonly verdict: ClaimVerdict;
  /** The kinds of the findings, in their order. */
  readonly kinds: readonly string[];
  /** What the first finding's sentence, or without one the reason, must say. */
  readonly says: string;
}

const ROOT = join(import.meta.dirname, "..", "histories");

for (const folder of ["valid", "invalid"]) {
  describe(`the ${folder} histories`, () => {
    const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".jsonl"));

    it("are there", () => expect(names.length).toBeGreaterThan(folder === "valid" ? 5 : 15));

    it.each(names)("%s", async (name) => {
      const file = join(ROOT, folder, name);
      const expected = JSON.parse(readFileSync(file.replace(/l$/, ""), "utf8")) as Expectation;
      expect(expected.verdict === "broken").toBe(folder === "invalid");
      const { history, warnings } = await readHistory(file);
      expect(warnings).toEqual([]);
      const checker = checkerNamed(expected.checker);
      const result = checker(history, expected.options);
      expect(result.verdict, result.reason).toBe(expected.verdict);
      expect(result.findings.map(({ kind }) => kind)).toEqual(expected.kinds);
      expect(result.findings[0]?.sentence ?? result.reason).toBe(expected.says);
      expectFindingsToSuffice(checker, history, expected.options);
    });
  });
}
