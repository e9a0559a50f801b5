/**
 * Linearizability of a whole history: each object by a special case where one applies, else by the general search.
 */
import type { Columns } from "../../history/columns/columns.ts";
import { shownBy } from "../analysis.ts";
import type { Analysis, AnalysisOptions, Anomaly } from "../analysis.ts";
import { worstFirst } from "../compose.ts";
import { decide } from "./search/decide.ts";
import { Effort } from "./search/effort.ts";
import type { Entries } from "./entries.ts";
import { explain, impasse, subjectOf } from "./words/explain.ts";
import type { ExplainOptions } from "./words/explain.ts";
import { failedSource } from "./words/failed-source.ts";
import { Limits } from "./limits.ts";
import type { Model } from "./model.ts";
import { prepare } from "./prepare/prepare.ts";
import type { Part } from "./prepare/prepare.ts";
import { problemOf } from "./search/problem.ts";
import { shrink } from "./search/shrink.ts";
import { subsetOf } from "./subset.ts";

export const NONLINEARIZABLE = "nonlinearizable";
/** The proofs of special cases are short, but for those of counters, which are every addition. */
const MOST_EVENTS_EXPLAINED = 60;
export const SEARCH = "just-in-time linearization";
/**
 * Steps of the search for each object before the others have their turn, and how many times as many in each turn after
 * that: an object that is hard to judge does not hide a violation of another one. In all this takes at most a seventh
 * more.
 */
const FIRST_STEPS = 200_000;
const GROWTH = 8;
/** Steps for a smaller witness than all operations of the object. */
const WITNESS_STEPS = 5_000_000;

export interface LinearizableOptions extends AnalysisOptions {
  /**
   * Judges only every `of`-th object, from the one with this index: the share of one thread of several. Default: all.
   */
  readonly share?: { readonly index: number; readonly of: number } | undefined;
  /** Leaves out the special cases. Default false. */
  readonly searchOnly?: boolean | undefined;
}

interface PartVerdict {
  /** `undecided`: more steps of the search may help. */
  readonly outcome: "legal" | "illegal" | "unknown" | "undecided";
  readonly algorithm: string;
  /** Why it is unknown; else why no special case decided, where some were tried. */
  readonly reason: string;
  readonly anomaly?: Anomaly;
}

/**
 * Whether the operations could have happened one after the other, each between its invocation and its completion. The
 * first object that is not linearizable ends the check.
 * @throws MisuseError when the history is not one of the model.
 * @throws TypeError when an option makes no sense.
 */
export function linearizable<State>(
  columns: Columns,
  model: Model<State>,
  options: LinearizableOptions = {},
): Analysis {
  const limits = new Limits(options);
  // A start value that makes no sense is refused whichever algorithm decides.
  model.initial(options.init);
  const { parts, operations, succeeded } = prepare(columns, model, {
    byKey: options.byKey === true && model.isKeyed !== true,
    init: options.init,
  });
  const { index = 0, of = 1 } = options.share ?? {};
  const share = bySize(parts).filter((_, i) => i % of === index);
  return shownBy(succeeded, conclude(judgeAll(share, model, options, limits), operations));
}

/** Each object, until one is illegal. */
function judgeAll(
  parts: readonly Part[],
  model: Model<unknown>,
  options: LinearizableOptions,
  limits: Limits,
): PartVerdict[] {
  const verdicts: PartVerdict[] = [];
  let left = parts;
  for (let steps = FIRST_STEPS; left.length > 0; steps *= GROWTH) {
    const undecided: Part[] = [];
    for (const part of left) {
      const verdict = judge(part, model, options, limits, left.length === 1 ? Infinity : steps);
      if (verdict.outcome === "undecided") undecided.push(part);
      else verdicts.push(verdict);
      if (verdict.outcome === "illegal") return verdicts;
    }
    left = undecided;
  }
  return verdicts;
}

/** The largest first, so that threads that take turns get about as much each. */
function bySize(parts: readonly Part[]): Part[] {
  return parts.toSorted((a, b) => b.entries.length - a.entries.length);
}

function judge(
  part: Part,
  model: Model<unknown>,
  options: LinearizableOptions,
  limits: Limits,
  maxSteps: number,
): PartVerdict {
  const { entries, keys } = part;
  let reason = "";
  for (const special of options.searchOnly === true ? [] : (model.specialCases ?? [])) {
    const verdict = special.decide(entries, options);
    const { algorithm } = special;
    if (verdict.kind === "legal") return { outcome: "legal", algorithm, reason };
    if (verdict.kind === "illegal") {
      const { events, unexplained, detail: own = {} } = verdict;
      const source = unexplained === undefined ? "" : failedSource(entries, unexplained, model);
      const order = orderThatFails(entries, events, model, { init: options.init, limits });
      const sentence = `${subjectOf(model, keys)}: ${verdict.sentence}.${source}${order === undefined ? "" : ` ${order.sentence}`}`;
      const detail = { ...(keys.length === 0 ? {} : { keys }), ...own, ...order?.detail };
      return { outcome: "illegal", algorithm, reason, anomaly: { sentence, events, detail } };
    }
    reason = `not by ${algorithm}: ${verdict.why}`;
  }
  const problem = problemOf(entries, model, options.init);
  const { outcome, steps, gaveUp, furthest, reason: why } = decide(problem, limits, maxSteps);
  if (outcome === "unknown") return { outcome: gaveUp ? "undecided" : "unknown", algorithm: SEARCH, reason: why ?? "" };
  if (outcome === "legal") return { outcome, algorithm: SEARCH, reason };
  const { init } = options;
  const end = problem.known.ret[furthest] ?? 0;
  const effort = new Effort(WITNESS_STEPS);
  const witness = shrink(entries, end, { model, init, limits, steps, effort });
  return { outcome, algorithm: SEARCH, reason, anomaly: explain(witness, end, model, { init, keys, limits }) };
}

/** For a few operations that prove it, the search tells how far an order comes, and what fits nowhere after it. */
function orderThatFails(
  entries: Entries,
  events: readonly number[],
  model: Model<unknown>,
  options: Omit<ExplainOptions, "keys">,
): Pick<Anomaly, "sentence" | "detail"> | undefined {
  if (events.length > MOST_EVENTS_EXPLAINED) return undefined;
  const proof = new Set(events);
  const kept = Array.from({ length: entries.length }, (_, i) => i).filter((i) => proof.has(entries.call[i] ?? 0));
  return impasse(subsetOf(entries, kept), model, options);
}

function conclude(verdicts: readonly PartVerdict[], operations: number): Analysis {
  const illegal = verdicts.find(({ outcome }) => outcome === "illegal");
  const unknown = verdicts.find(({ outcome }) => outcome === "unknown");
  const algorithm = [...new Set(verdicts.map((each) => each.algorithm))].join(", ");
  const detours = [...new Set(verdicts.map(({ reason }) => reason).filter((reason) => reason !== ""))];
  const anomalies = illegal?.anomaly === undefined ? [] : [illegal.anomaly];
  return {
    valid: illegal === undefined ? (unknown === undefined ? true : "unknown") : false,
    reason: illegal?.anomaly?.sentence ?? unknown?.reason ?? [`a legal order exists`, ...detours].join("; "),
    algorithm: algorithm === "" ? SEARCH : algorithm,
    operations,
    anomalies: anomalies.length === 0 ? {} : { [NONLINEARIZABLE]: anomalies },
    counts: anomalies.length === 0 ? {} : { [NONLINEARIZABLE]: anomalies.length },
    not: anomalies.length === 0 ? [] : ["linearizable"],
    witness: anomalies[0]?.events ?? [],
  };
}

/** The verdict on a history whose objects were judged in shares: broken before unknown before legal. */
export function mergeShares(analyses: readonly Analysis[]): Analysis {
  const [first, ...others] = worstFirst(analyses);
  if (first === undefined) throw new TypeError("there are no shares to merge");
  return {
    ...first,
    algorithm: [...new Set([first, ...others].flatMap(({ algorithm }) => algorithm.split(", ")))].join(", "),
  };
}
