/** How often and how soon known bugs were found, as a document. */
import { markdownTable, markdownText } from "./markdown.ts";

/** What came of looking for one bug, in all runs. */
export interface Looked {
  readonly title: string;
  readonly lock: string;
  readonly campaign: string;
  readonly claim: string;
  readonly source: string;
  /** In how many runs it was found, of how many, and after how many seconds each of those runs had ended. */
  readonly found: number;
  readonly runs: number;
  readonly seconds: readonly number[];
  /** The lock that does not have it: in how many runs it was well. Undefined where there is none to compare. */
  readonly without: { readonly lock: string; readonly well: number; readonly runs: number } | undefined;
}

export interface Circumstances {
  readonly date: string;
  readonly seeds: readonly [first: number, last: number];
  readonly redquake: string;
  readonly machine: string;
  readonly server: string;
}

export function trackRecord(
  looked: readonly Looked[],
  { date, seeds, redquake, machine, server }: Circumstances,
): string {
  const [first, last] = seeds;
  const rows = looked.map((each) => [
    `${markdownText(each.title)} [source](${each.source})`,
    markdownText(each.lock),
    `${markdownText(each.campaign)}: ${each.claim}`,
    `${each.found} of ${each.runs}`,
    each.seconds.length === 0 ? "–" : `${median(each.seconds).toFixed(1)} s`,
    each.without === undefined
      ? "–"
      : `${markdownText(each.without.lock)}: holds in ${each.without.well} of ${each.without.runs}`,
  ]);
  return `${[
    "# Track record",
    "<!-- Made by `redquake track-record`: run it again. -->",
    "Bugs of lock libraries that are known to be in the very versions, what redquake needs to find them, and what the same campaign says with the same seeds of a lock that does not have them. " +
      `The time is that of a whole run, from its start to the end of its clean-up, the median of those that found it. Made on ${date} by redquake ${redquake}, ${first === last ? `seed ${first}` : `seeds ${first} to ${last}`}, ${server}, ${machine}.`,
    markdownTable(["what happens", "lock", "campaign and claim", "found", "time", "without it"], rows),
  ].join("\n\n")}\n`;
}

/** @param numbers at least one */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
