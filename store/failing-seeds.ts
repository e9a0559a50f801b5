/**
 * Seeds whose runs did not end well, kept from night to night so that they are tried again first: `failing-seeds.json`.
 */
import { z } from "zod";
import { EXIT_CODES } from "../checkers/judge/verdict.ts";
import type { CampaignOutcome } from "../checkers/judge/verdict.ts";
import type { RunSummary } from "./stored-run.ts";

export interface FailingSeed {
  readonly campaign: string;
  readonly seed: number;
  /** The worst outcome of the last time that it did not end well. */
  readonly outcome: CampaignOutcome;
  /** When it was first seen, ISO 8601 in UTC. */
  readonly firstSeen: string;
  /** Start of the newest run that is counted here, so that nothing is counted twice. */
  readonly lastRun: string;
  /** How many times in a row it has ended well since, on every server that it was tried on. */
  readonly passedSince: number;
}

/**
 * A seed fixes the plan, not the race: one that ends well once has proved little, and is only let go after so many
 * times.
 */
export const RETIRED_AFTER = 5;

const outcome = z.enum(["failed", "undecided", "not-demonstrated", "not-applicable", "passed"]);
const failingSeedsFile: z.ZodType<{ readonly version: 1; readonly seeds: readonly FailingSeed[] }> = z.object({
  version: z.literal(1),
  seeds: z.array(
    z.object({
      campaign: z.string(),
      seed: z.number().int().nonnegative(),
      outcome,
      firstSeen: z.string(),
      lastRun: z.string(),
      passedSince: z.number().int().nonnegative(),
    }),
  ),
});

/** @throws z.ZodError or SyntaxError when the text is not what `formatFailingSeeds` writes. */
export function parseFailingSeeds(text: string): readonly FailingSeed[] {
  return failingSeedsFile.parse(JSON.parse(text)).seeds;
}

export function formatFailingSeeds(seeds: readonly FailingSeed[]): string {
  return `${JSON.stringify({ version: 1, seeds }, null, 2)}\n`;
}

/**
 * What is known after these runs. Runs that were interrupted or not judged say nothing about their seed, and one that
 * was counted before is not counted again.
 */
export function updateFailingSeeds(known: readonly FailingSeed[], runs: readonly RunSummary[]): FailingSeed[] {
  const seeds = new Map(known.map((each) => [key(each), each]));
  const judged = runs.flatMap(({ run, verdict }) =>
    run === undefined || run.interrupted === true || verdict === undefined ? [] : [{ run, verdict }],
  );
  for (const [name, own] of Map.groupBy(judged, ({ verdict }) => key(verdict))) {
    const before = seeds.get(name);
    const fresh = own.filter(({ run }) => before === undefined || run.startedAt > before.lastRun);
    const [first] = fresh;
    if (first === undefined) continue;
    const { campaign, seed } = first.verdict;
    const starts = fresh.map(({ run }) => run.startedAt).sort();
    const lastRun = starts.at(-1) ?? "";
    const bad = fresh.map(({ verdict }) => verdict.outcome).filter((each) => EXIT_CODES[each] !== 0);
    const worst = outcome.options.find((each) => bad.includes(each));
    if (worst !== undefined) {
      const firstSeen = before?.firstSeen ?? starts[0] ?? lastRun;
      seeds.set(name, { campaign, seed, outcome: worst, firstSeen, lastRun, passedSince: 0 });
    } else if (before !== undefined) {
      const passedSince = before.passedSince + 1;
      if (passedSince >= RETIRED_AFTER) seeds.delete(name);
      else seeds.set(name, { ...before, lastRun, passedSince });
    }
  }
  return [...seeds.values()].sort(
    (a, b) =>
      outcome.options.indexOf(a.outcome) - outcome.options.indexOf(b.outcome) ||
      (a.campaign < b.campaign ? -1 : a.campaign > b.campaign ? 1 : a.seed - b.seed),
  );
}

function key({ campaign, seed }: { readonly campaign: string; readonly seed: number }): string {
  return `${campaign} ${seed}`;
}
