/** Every finding must be a proof by itself: the operations that it names break the claim again, in the same way. */
import { expect } from "vitest";
import type { Checker } from "../../checkers/checker.ts";
import type { History } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import { restrictTo } from "./history-of.ts";

export function expectFindingsToSuffice(
  checker: Checker,
  history: History,
  options: { readonly [key: string]: Json },
): void {
  for (const finding of checker(history, options).findings) {
    const again = checker(restrictTo(history, finding), options);
    expect(again.verdict, finding.sentence).toBe("broken");
    expect(
      again.findings.map(({ kind }) => kind),
      finding.sentence,
    ).toContain(finding.kind);
    expect(finding.sentence).not.toMatch(/undefined|NaN|Infinity|\[object/);
  }
}
