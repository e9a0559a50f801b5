/** How often and how soon known bugs were found, as a document. Made from stored runs alone. */
import { markdownTable, markdownText } from "../markdown.ts";
import type { RunSummary } from "../../store/stored-run.ts";

/** A bug that is known to be there, and the campaign that shows it. */
export interface LookedForBug {
  readonly title: string;
  readonly lock: string;
  readonly campaign: string;
  /** The claim that breaks. */
  readonly claim: string;
  readonly source: string;
  /** A lock that does not have it. */
  readonly without?: string;
}

/** What came of looking for one bug. */
export interface Looked {
  readonly bug: LookedForBug;
  /** In how many runs it was found, of how many, and how many seconds those took in which it was. */
  readonly found: number;
  readonly runs: number;
  readonly seconds: readonly number[];
  /** The lock that does not have it: in how many runs its claim held. Undefined where there is none to compare. */
  readonly without: { readonly lock: string; readonly holds: number; readonly runs: number } | undefined;
}

export function lookedFor(bug: LookedForBug, runs: readonly RunSummary[]): Looked {
  const of = (lock: string): RunSummary[] =>
    runs.filter(({ campaign, run }) => campaign === bug.campaign && run?.lock === lock);
  const having = of(bug.lock);
  const found = having.filter((run) => verdictOf(run, bug.claim) === "broken");
  const without = bug.without === undefined ? undefined : of(bug.without);
  return {
    bug,
    found: found.length,
    runs: having.length,
    seconds: found.flatMap(({ run }) => (run === undefined ? [] : [run.durationMs / 1_000])),
    without:
      bug.without === undefined || without === undefined
        ? undefined
        : {
            lock: bug.without,
            holds: without.filter((run) => verdictOf(run, bug.claim) === "holds").length,
            runs: without.length,
          },
  };
}

/** Whether it was found wherever it was looked for, and nowhere else. */
export function wasFound({ found, runs, without }: Looked): boolean {
  return runs > 0 && found === runs && (without === undefined || (without.runs > 0 && without.holds === without.runs));
}

function verdictOf({ verdict }: RunSummary, claim: string): string | undefined {
  return verdict?.claims.find((judged) => judged.claim.id === claim)?.result.verdict;
}

/** @param runs those that were looked at */
export function trackRecord(looked: readonly Looked[], runs: readonly RunSummary[]): string {
  const rows = looked.map(({ bug, found, runs: count, seconds, without }) => [
    `${markdownText(bug.title)} [source](${bug.source})`,
    markdownText(bug.lock),
    `${markdownText(bug.campaign)}: ${bug.claim}`,
    `${found} of ${count}`,
    seconds.length === 0 ? "–" : `${median(seconds).toFixed(1)} s`,
    without === undefined ? "–" : `${markdownText(without.lock)}: holds in ${without.holds} of ${without.runs}`,
  ]);
  return `${[
    "# Track record",
    "<!-- Made by `redquake track-record` from stored runs: run it again. -->",
    [
      "Bugs of lock libraries that are known to be in the very versions, what redquake needs to find them, and what the",
      "same campaign says with the same seeds of a lock that does not have them. The time is that of a whole run, from",
      "its start to the end of its clean-up: the median of those that found it.",
      circumstances(runs),
    ].join("\n"),
    markdownTable(["what happens", "lock", "campaign and claim", "found", "time", "without it"], rows),
  ].join("\n\n")}\n`;
}

function circumstances(runs: readonly RunSummary[]): string {
  const facts = runs.flatMap(({ run }) => run ?? []);
  const all = (values: readonly string[]): string => [...new Set(values)].sort().join("; ");
  const seeds = facts.map(({ seed }) => seed);
  const dates = all(facts.map(({ startedAt }) => startedAt.slice(0, 10)));
  const machines = all(
    facts.map(({ platform, cpus, node }) => {
      const [system = platform, ...rest] = platform.split(" ");
      return `${system} ${rest.at(-1) ?? ""} with ${cpus} cores, Node.js ${node}`;
    }),
  );
  const servers = all(facts.map(({ redisVersion, host }) => `Redis ${redisVersion} (${host})`));
  const redquake = all(facts.map((each) => each.redquake));
  return (
    `Made on ${dates} by redquake ${redquake}, seeds ${Math.min(...seeds)} to ${Math.max(...seeds)},\n` +
    `on ${machines}, with ${servers}.`
  );
}

/** @param numbers at least one */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
