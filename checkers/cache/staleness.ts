/**
 * Gets of a version that is proved to be older than all that the store had for longer than it may be behind: of those
 * whose cache said that it was fresh, before and after, or of all. Gets of one version by one user are one finding;
 * `count` is the number of gets.
 */
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { counted, duration, fromMs, milliseconds, moment } from "../kit/words.ts";
import type { Given } from "./claim.ts";
import { certaintyOf } from "./certainty.ts";
import type { KeyRecords, Read, Write } from "./records.ts";
import { named, observedIn } from "./words.ts";
import type { Observed } from "./words.ts";

/** Gets of the same stale version, one after the other. */
interface Episode {
  readonly key: string;
  readonly first: Read;
  readonly last: Read;
  readonly gets: number;
  /** The first write that was acknowledged and that is missing. */
  readonly missed: Write;
  /** When the last get began, in nanoseconds since that write was told. */
  readonly behind: number;
  readonly versions: number;
}

export function staleness({ history, keys, claim, tooSmall, figures }: Given, which: "fresh" | "all"): CheckResult {
  const allowed = fromMs(claim.graceMs + claim.behindMs);
  const mayLose = claim.store === "may-lose";
  const episodes = keys.flatMap((each) => episodesOf(each, allowed, mayLose, which));
  const count = episodes.reduce((sum, { gets }) => sum + gets, 0);
  const faults = faultsOf(history);
  const began = Math.min(...[...faults.values()].map(({ from }) => from));
  const all = keys.flatMap(({ reads }) => [...reads.values()].flat());
  const judged = which === "all" ? all : all.filter(({ fresh }) => fresh === true);
  const saysNothing = which === "fresh" && all.length > 0 && all.every(({ fresh }) => fresh === undefined);
  const longest = Math.max(0, ...episodes.map(({ behind }) => behind));
  const observed = observedIn(history);
  const wherein = which === "fresh" ? " while the cache said that it was fresh" : "";
  return conclude({
    history,
    findings: clearest(
      episodes,
      (a, b) => b.behind - a.behind,
      (episode) => describe(episode, which, faults, observed),
    ),
    count,
    broken: `${counted(count, "get")} gave a version that had been replaced long before${wherein}: by up to ${duration(longest)}, and ${counted(Math.max(0, ...episodes.map(({ versions }) => versions)), "version")}.`,
    vacuous: saysNothing
      ? "The cache does not say whether it is fresh."
      : (tooSmall ??
        (judged.length === 0 ? "The cache never said that it was fresh." : undefined) ??
        (began !== Infinity && !judged.some(({ from }) => from > began)
          ? "The cache never said that it was fresh after the first fault had begun."
          : undefined)),
    inapplicable: saysNothing,
    holds: `None of the ${counted(judged.length, "get")}${wherein} gave a version that had been replaced more than ${duration(allowed)} before.`,
    figures: {
      ...figures,
      "gets that count": judged.length,
      stale: count,
      "longest behind ms": milliseconds(longest),
    },
  });
}

function episodesOf(records: KeyRecords, allowed: number, mayLose: boolean, which: "fresh" | "all"): Episode[] {
  const { key, writes, inOrder, reads } = records;
  const certainty = certaintyOf(records, mayLose);
  return [...reads.values()].flatMap((each) => {
    const episodes: Episode[] = [];
    for (const read of each) {
      const { version } = read;
      // A write that nobody knows to have failed may be carried out at any later time.
      if (version === undefined || writes.get(version)?.outcome === "info") continue;
      if (which === "fresh" && read.fresh !== true) continue;
      if (!certainty.newerThan(version, read.from - allowed, read.to)) continue;
      const missed = firstAfter(inOrder, version);
      if (missed === undefined) continue;
      const open = episodes.at(-1);
      const same = open !== undefined && open.first.version === version;
      const newest = inOrder.findLast(({ outcome, told }) => outcome === "ok" && told <= read.from) ?? missed;
      const episode = {
        key,
        first: same ? open.first : read,
        last: read,
        gets: (same ? open.gets : 0) + 1,
        missed,
        behind: read.from - missed.told,
        versions: newest.version - version,
      };
      if (same) episodes[episodes.length - 1] = episode;
      else episodes.push(episode);
    }
    return episodes;
  });
}

/** The first write after a version that was acknowledged; writes are in the order of their versions. */
function firstAfter(inOrder: readonly Write[], version: number): Write | undefined {
  let [low, high] = [0, inOrder.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((inOrder[middle]?.version ?? Infinity) <= version) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < inOrder.length; i += 1) if (inOrder[i]?.outcome === "ok") return inOrder[i];
  return undefined;
}

function describe(
  { key, first, last, gets, missed, behind, versions }: Episode,
  which: "fresh" | "all",
  faults: ReadonlyMap<string, FaultRecord>,
  observed: Observed,
): Finding {
  const when = gets === 1 ? `at ${moment(first.to)}` : `${gets} times from ${moment(first.to)} to ${moment(last.to)}`;
  const word = which === "fresh" ? `, and its cache said ${gets === 1 ? "" : "each time "}that it was fresh` : "";
  return {
    kind: which === "fresh" ? "stale-while-fresh" : "stale",
    sentence:
      `${first.who} got ${named(first)} of ${key} ${when}, although version ${missed.version} had been acknowledged at ${moment(missed.told)}: ` +
      `up to ${duration(behind)} and ${counted(versions, "version")} behind${word}${observed(last.from)}${alongside(faults, missed.told, last.to, [first.who])}.`,
    events: evidence([
      missed.operation.invoke,
      missed.operation.completion,
      first.operation.invoke,
      first.operation.completion,
      last.operation.invoke,
      last.operation.completion,
    ]),
  };
}
