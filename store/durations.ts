/**
 * How long campaigns take, measured from stored runs: `durations.json`, by which `--shard` deals them out to machines.
 */
import { z } from "zod";
import type { RunSummary } from "./stored-run.ts";

/** Milliseconds from the start to the end of the clean-up, by the campaign's name. */
export type CampaignDurations = ReadonlyMap<string, number>;

const durationsFile = z.object({ version: z.literal(1), milliseconds: z.record(z.string(), z.number().nonnegative()) });

/** The median of every campaign's runs that went to their end. */
export function measuredDurations(runs: readonly RunSummary[]): CampaignDurations {
  const measured = new Map<string, number[]>();
  for (const { campaign, run } of runs) {
    if (run === undefined || run.interrupted === true) continue;
    measured.set(campaign, [...(measured.get(campaign) ?? []), run.durationMs]);
  }
  return new Map(
    [...measured].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, lengths]) => [name, Math.round(medianOf(lengths))]),
  );
}

export function formatDurations(durations: CampaignDurations): string {
  return `${JSON.stringify({ version: 1, milliseconds: Object.fromEntries(durations) }, null, 2)}\n`;
}

/** @throws z.ZodError or SyntaxError when the text is not what `formatDurations` writes. */
export function parseDurations(text: string): CampaignDurations {
  return new Map(Object.entries(durationsFile.parse(JSON.parse(text)).milliseconds));
}

/** @param values at least one */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
  return (lower + upper) / 2;
}
