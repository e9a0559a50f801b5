/** What locks did in campaigns, as a table: locks × campaigns, from the verdicts of stored runs. */
import { LOCK_LEVELS } from "../../checkers/lock/subject.ts";
import { lockSubjectOf } from "../../checkers/registry.ts";
import type { JudgedClaim, Verdict } from "../../checkers/judge/verdict.ts";
import type { Claim } from "../../history/plan.ts";
import { NOT_APPLICABLE } from "../claim-words.ts";
import type { Tone } from "../claim-words.ts";

/** One run of a campaign of locks. */
export interface LockRun {
  /** The lock under test, with its version: `redlock@4.2.0`. */
  readonly lock: string;
  readonly campaign: string;
  /** Undefined when it was skipped, or failed. */
  readonly verdict: Verdict | undefined;
}

/** What all runs of a lock in a campaign say together. */
export interface LockCell<Run extends LockRun> {
  /** `holds`, `broken: belief, grant (hoped)`, `hangs`, `vacuous`, `unknown`, `not run`, `not applicable`. */
  readonly words: string;
  readonly tone: Tone;
  /** In which of the runs it can be seen: the first one that is not well, or else the first. */
  readonly shown: Run;
  readonly runs: readonly Run[];
}

/** Stands after a level that broke, and that nobody promises. */
const HOPED = "(hoped)";

export interface LockMatrix<Run extends LockRun> {
  /** In the order in which they come. */
  readonly locks: readonly string[];
  readonly campaigns: readonly string[];
  /** Undefined where there is no run: the campaign is not for such a lock. */
  cell(lock: string, campaign: string): LockCell<Run> | undefined;
}

const LIVENESS = "liveness";

export function lockMatrix<Run extends LockRun>(runs: readonly Run[]): LockMatrix<Run> {
  const cells = new Map<string, Map<string, Run[]>>();
  for (const run of runs) {
    const ofLock = cells.get(run.lock) ?? new Map<string, Run[]>();
    cells.set(run.lock, ofLock.set(run.campaign, [...(ofLock.get(run.campaign) ?? []), run]));
  }
  return {
    locks: [...cells.keys()],
    campaigns: [...new Set(runs.map(({ campaign }) => campaign))],
    cell: (lock, campaign) => {
      const own = cells.get(lock)?.get(campaign);
      return own === undefined ? undefined : cellOf(own);
    },
  };
}

/**
 * Locks that have a campaign in common, directly or through others, and those campaigns: what has nothing in common
 * need not stand in one table. Sorted by name.
 */
export function familiesOf(
  matrix: Pick<LockMatrix<LockRun>, "locks" | "campaigns" | "cell">,
): { readonly locks: readonly string[]; readonly campaigns: readonly string[] }[] {
  const families: { locks: string[]; campaigns: string[] }[] = [];
  for (const lock of [...matrix.locks].sort()) {
    const own = matrix.campaigns.filter((campaign) => matrix.cell(lock, campaign) !== undefined);
    const related = families.filter(({ campaigns }) => campaigns.some((campaign) => own.includes(campaign)));
    const merged = {
      locks: [...related.flatMap(({ locks }) => locks), lock].sort(),
      campaigns: [...new Set([...related.flatMap(({ campaigns }) => campaigns), ...own])].sort(),
    };
    for (const each of related) families.splice(families.indexOf(each), 1);
    families.push(merged);
  }
  return families.sort((a, b) => ((a.campaigns[0] ?? "") < (b.campaigns[0] ?? "") ? -1 : 1));
}

/** What a mark in the cells means, in one sentence; undefined where none has it. */
export function legendOf({ locks, campaigns, cell }: LockMatrix<LockRun>): string | undefined {
  const isMarked = locks.some((lock) => campaigns.some((campaign) => cell(lock, campaign)?.words.includes(HOPED)));
  return isMarked
    ? `${HOPED}: nobody promises that level of such a lock; the others that broke are promised`
    : undefined;
}

/** A violation in one run is a violation, however many others held. */
function cellOf<Run extends LockRun>(runs: readonly Run[]): LockCell<Run> {
  const broken = (run: Run): JudgedClaim[] =>
    (run.verdict?.claims ?? []).filter(({ result }) => result.verdict === "broken");
  const claims = runs.flatMap(broken).map(({ claim }) => claim);
  const levels = new Set(claims.map(levelOf));
  if (levels.size > 0) {
    const promised = new Set(claims.filter(({ standing }) => standing === "promised").map(levelOf));
    const marked = (level: string, word: string): string => (promised.has(level) ? word : `${word} ${HOPED}`);
    const named = [...levels].filter((level) => level !== LIVENESS).sort((a, b) => rank(a) - rank(b));
    const words = [
      ...(named.length > 0 ? [`broken: ${named.map((level) => marked(level, level)).join(", ")}`] : []),
      ...(levels.has(LIVENESS) ? [marked(LIVENESS, "hangs")] : []),
    ];
    const shown = runs.reduce((most, run) => (broken(run).length > broken(most).length ? run : most));
    // A run in which nothing broke but hopes is no failure.
    return { words: words.join("; "), tone: promised.size > 0 ? "bad" : "shown", shown, runs };
  }
  const [first] = runs as readonly [Run, ...Run[]];
  if (runs.every(({ verdict }) => verdict === undefined))
    return { words: "not run", tone: "doubtful", shown: first, runs };
  if (runs.every((run) => applicable(run).length === 0))
    return { words: NOT_APPLICABLE, tone: "quiet", shown: first, runs };
  const undecided = runs.find((run) => applicable(run).some(({ result }) => result.verdict !== "holds"));
  if (undecided === undefined) return { words: "holds", tone: "good", shown: first, runs };
  const verdicts = applicable(undecided).map(({ result }) => result.verdict);
  return { words: verdicts.includes("unknown") ? "unknown" : "vacuous", tone: "doubtful", shown: undecided, runs };
}

function applicable({ verdict }: LockRun): readonly JudgedClaim[] {
  return (verdict?.claims ?? []).filter(({ inapplicable }) => inapplicable !== true);
}

/** At which level a claim judges a lock, in one word. */
export function levelOf(claim: Claim): string {
  return lockSubjectOf(claim)?.level ?? claim.id;
}

function rank(level: string): number {
  const at = LOCK_LEVELS.findIndex((each) => each === level);
  return at === -1 ? LOCK_LEVELS.length : at;
}
