/** Every finding must be a proof by itself: the operations that it names break the claim again, in the same way. */
import { expect } from "vitest";
import type { Analysis, Analyzer } from "../../checkers/analysis.ts";
import type { Check, Finding } from "../../checkers/checker.ts";
import { moment } from "../../checkers/kit/words.ts";
import { columnsOf } from "../../history/columns/columns.ts";
import type { History } from "../../history/history.ts";
import type { HistoryEvent, Json } from "../../history/operation.ts";
import { restrictTo } from "./history-of.ts";

export function expectFindingsToSuffice(
  checker: Check,
  history: History,
  options: { readonly [key: string]: Json },
): void {
  for (const finding of checker(history, options).findings) {
    expectNothingHidden(finding, history);
    const again = checker(restrictTo(history, finding), options);
    expect(again.verdict, finding.sentence).toBe("broken");
    expect(
      again.findings.map(({ kind }) => kind),
      finding.sentence,
    ).toContain(finding.kind);
    expect(finding.sentence).not.toMatch(/undefined|NaN|Infinity|\[object/);
  }
}

/**
 * What a sentence says to have happened at a moment is shown, or the nemesis did it; and every operation is shown with
 * its completion, where it has one.
 */
function expectNothingHidden({ events, sentence }: Finding, history: History): void {
  const shown = new Set(events);
  for (const { invoke, completion } of history.operations)
    if (completion !== undefined) expect(shown.has(completion.index), sentence).toBe(shown.has(invoke.index));
  const told = [...events.map((index) => history.events[index]), ...history.nemesis];
  const times = new Set(told.map((event) => moment(event?.time ?? 0)));
  for (const [, at = ""] of sentence.matchAll(/\bat (\d+\.\d{3} s)/g)) expect(times, sentence).toContain(at);
}

/**
 * The same for an analysis: the events of each anomaly have it by themselves, and those of the witness give the
 * verdict.
 */
export function expectWitnessesToSuffice(
  analyze: Analyzer,
  history: History,
  options: { readonly [key: string]: Json },
): void {
  const found = analyze(columnsOf(history), options);
  const again = (events: readonly number[]): Analysis =>
    analyze(
      columnsOf({ events: events.map((i, index) => ({ ...(history.events[i] as HistoryEvent), index })) }),
      options,
    );
  for (const [name, anomalies] of Object.entries(found.anomalies)) {
    for (const { events, sentence } of anomalies) {
      expect(Object.keys(again(events).anomalies), sentence).toContain(name);
      expect(sentence).not.toMatch(/undefined|NaN|Infinity|\[object/);
    }
  }
  if (found.valid === false) expect(again(found.witness).valid).toBe(false);
}
