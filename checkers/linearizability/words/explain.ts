/**
 * Why operations are not linearizable: the order that comes furthest, the operation that fits nowhere after it, and
 * what the model says of each attempt.
 */
import type { Json } from "../../../history/operation.ts";
import type { Anomaly } from "../../analysis.ts";
import { decide } from "../search/decide.ts";
import type { Decision } from "../search/decide.ts";
import type { Entries } from "../entries.ts";
import { failedSource } from "./failed-source.ts";
import type { Limits } from "../limits.ts";
import { isIllegal } from "../model.ts";
import type { Model } from "../model.ts";
import { nameOf, stepAt, wordsOf } from "./operation-words.ts";
import { problemOf } from "../search/problem.ts";
import type { Problem } from "../search/problem.ts";
import { search } from "../search/search.ts";
import { eventsOf } from "../subset.ts";

/** How many of the orders that come furthest are told. */
const MAX_ORDERS = 8;
/** The sentence has only the end of a longer order; `detail` has all of it. */
const MAX_TOLD = 8;
/** Steps of the search for an explanation without looking ahead, and for all of an explanation. */
const PLAIN_STEPS = 300_000;
const ALL_STEPS = 2_000_000;

/** How many of the keys that are judged together are told. */
const MAX_KEYS = 5;

export interface ExplainOptions {
  readonly init: Json | undefined;
  readonly keys: readonly Json[];
  readonly limits: Limits;
}

/**
 * @param entries which have no legal order.
 * @param end the event at which that showed.
 */
export function explain(entries: Entries, end: number, model: Model<unknown>, options: ExplainOptions): Anomaly {
  const { keys } = options;
  const found = impasse(entries, model, options);
  // The verdict stands; only an explanation would take too long.
  if (found === undefined) {
    const stuck = entries.ret.indexOf(end);
    const first = stuck === -1 ? "" : `${nameOf(entries, stuck)} fits nowhere: `;
    return {
      sentence: `${subjectOf(model, keys)}: ${first}no order of these ${entries.length} operations is legal.`,
      events: eventsOf(entries),
      ...(keys.length === 0 ? undefined : { detail: { keys } }),
    };
  }
  return {
    sentence: `${subjectOf(model, keys)}: ${found.sentence}${failedSource(entries, found.stuck, model)}`,
    events: eventsOf(entries),
    detail: { ...(keys.length === 0 ? {} : { keys }), ...found.detail },
  };
}

/**
 * How far the order that comes furthest does, and the entry that is `stuck` after it; undefined when that takes too
 * long, or the time is over.
 */
export function impasse(
  entries: Entries,
  model: Model<unknown>,
  { init, limits }: Omit<ExplainOptions, "keys">,
):
  | { readonly stuck: number; readonly sentence: string; readonly detail: { readonly [name: string]: Json } }
  | undefined {
  const { problem, decision } = decidePlainly(problemOf(entries, model, init), limits);
  const { outcome, furthest, unlimited, steps } = decision;
  if (outcome !== "illegal") return undefined;
  const { impasses } = search(problem, {
    limits,
    unlimited,
    maxSteps: 2 * steps + 10_000,
    collect: { rank: furthest, most: MAX_ORDERS },
  });
  const stuck = problem.known.entry[furthest] ?? 0;
  const longest = impasses.toSorted((a, b) => b.path.length - a.path.length)[0];
  if (longest === undefined) return undefined;
  const event = (entry: number): number => entries.call[entry] ?? 0;
  const stateOf = (number: number): string => describeState(model, problem.transitions.states[number]);
  const reasons = (state: number, open: readonly number[]): Json =>
    open.flatMap((entry) => {
      const result = model.step(problem.transitions.states[state], stepAt(entries, entry));
      return isIllegal(result) ? [{ operation: event(entry), reason: result.illegal }] : [];
    });
  const orders = impasses.map(({ path, state, open }) => ({
    order: path.map(event),
    state: stateOf(state),
    impossible: reasons(state, open),
  }));
  const before = longest.path;
  const result = model.step(problem.transitions.states[longest.state], stepAt(entries, stuck));
  const why = isIllegal(result) ? `: ${result.illegal}` : ", and after it nothing that is left is possible";
  const told = before.slice(-MAX_TOLD).map((entry) => wordsOf(stepAt(entries, entry)));
  if (before.length > told.length) told.unshift(`${before.length - told.length} others`);
  const after = before.length === 0 ? "at the beginning" : `after ${told.join(", ")}`;
  return {
    stuck,
    sentence: `${wordsOf(stepAt(entries, stuck))} of process ${entries.columns.process[event(stuck)] ?? 0} fits nowhere. The order that comes furthest: ${after} the state is ${stateOf(longest.state)}${why}.`,
    detail: { operation: event(stuck), orders },
  };
}

/** What a sentence is about, such as `register ("x")`. */
export function subjectOf({ name }: Pick<Model<unknown>, "name">, keys: readonly Json[]): string {
  if (keys.length === 0) return name;
  const told = keys.slice(0, MAX_KEYS).map((key) => JSON.stringify(key));
  if (keys.length > MAX_KEYS) told.push(`${keys.length - MAX_KEYS} others`);
  return `${name} (${told.join(", ")})`;
}

/**
 * Looking ahead ends a search where it first could be known that it will fail, which is not where a reader sees it; so
 * do without, where that is possible.
 */
function decidePlainly(problem: Problem, limits: Limits): { readonly problem: Problem; readonly decision: Decision } {
  if (problem.lookahead !== undefined) {
    const plain = { ...problem, lookahead: undefined };
    const decision = decide(plain, limits, PLAIN_STEPS);
    if (decision.outcome === "illegal") return { problem: plain, decision };
  }
  return { problem, decision: decide(problem, limits, ALL_STEPS) };
}

function describeState(model: Model<unknown>, state: unknown): string {
  return model.describe?.(state) ?? JSON.stringify(state);
}
