/**
 * The candidates of elections, as the history tells them: when each stood, when it was told that it leads and that it
 * does not, and what its library said when it was asked. Every span is no longer than in reality. O(n).
 */
import type { History } from "../../../history/history.ts";
import type { HistoryEvent, Operation } from "../../../history/operation.ts";
import { flagIn, textField, textIn } from "../../../history/vocabulary/read.ts";
import { tokenOf } from "../../../history/vocabulary/read-lock.ts";
import type { Span } from "../../kit/phases.ts";
import { who } from "../../kit/words.ts";

/** One time that a candidate was told of its election. */
export interface Term {
  /** Unique in the run. */
  readonly id: string;
  readonly candidate: Candidate;
  readonly elected: Operation;
  /** From here on, the candidate knows itself elected. */
  readonly from: number;
  readonly token: number | bigint | undefined;
  /** What ended it, as far as is known: the demotion, the resignation, or the candidate's being told again. */
  readonly end: Operation | undefined;
}

/** A time in which a library said again and again that its candidate leads, and nothing else. */
export interface Belief extends Span {
  readonly candidate: Candidate;
  /** Undefined: it was not told of its election. */
  readonly term: Term | undefined;
  /** The last time that it said so, in this span. */
  readonly last: Operation | undefined;
}

export interface Candidate {
  readonly who: string;
  /** The election. */
  readonly key: string;
  /** Each `stand` that succeeded, with the resignation that followed. */
  readonly standings: readonly Standing[];
  readonly terms: readonly Term[];
  readonly beliefs: readonly Belief[];
  readonly demotions: readonly Operation[];
  /** Answers of its library that were given: `ok`. */
  readonly answers: readonly Operation[];
  readonly works: readonly Operation[];
  /** The last event that its worker recorded. */
  readonly lastSign: HistoryEvent;
}

export interface Standing {
  readonly stand: Operation;
  readonly resign: Operation | undefined;
}

type Growing<Type> = { -readonly [Part in keyof Type]: Type[Part] };
type GrowingCandidate = {
  -readonly [Part in keyof Candidate]: Candidate[Part] extends readonly (infer Each)[]
    ? Part extends "terms" | "beliefs" | "standings"
      ? Growing<Each>[]
      : Each[]
    : Candidate[Part];
};

/** All candidates, in the order in which they first did something. */
export function candidatesOf(history: History): Candidate[] {
  const candidates = new Map<string, GrowingCandidate>();
  const running = new Map<GrowingCandidate, Growing<Belief>>();
  for (const operation of history.operations) {
    const read = READERS[operation.f];
    if (read === undefined) continue;
    const key = textIn(operation.invoke, "key") ?? "";
    const name = JSON.stringify([who(operation.invoke), key]);
    const candidate = candidates.get(name) ?? unknownCandidate(operation.invoke, key);
    candidates.set(name, candidate);
    const signs = [candidate.lastSign, operation.invoke, operation.completion].filter((event) => event !== undefined);
    candidate.lastSign = signs.reduce((last, event) => (event.index > last.index ? event : last));
    const belief = read(operation, candidate, running.get(candidate));
    if (belief === undefined) running.delete(candidate);
    else running.set(candidate, belief);
  }
  return [...candidates.values()];
}

function unknownCandidate(sign: HistoryEvent, key: string): GrowingCandidate {
  return {
    who: who(sign),
    key,
    standings: [],
    terms: [],
    beliefs: [],
    demotions: [],
    answers: [],
    works: [],
    lastSign: sign,
  };
}

/** Takes an operation in; gives the belief that goes on after it, if one does. */
type Reader = (
  operation: Operation,
  candidate: GrowingCandidate,
  belief: Growing<Belief> | undefined,
) => Growing<Belief> | undefined;

const READERS: Readonly<Record<string, Reader>> = {
  stand: (stand, { standings }, belief) => {
    if (stand.completion?.type === "ok") standings.push({ stand, resign: undefined });
    return belief;
  },
  elected: (elected, candidate) => {
    endTerm(candidate, elected);
    const { invoke, completion } = elected;
    const from = (completion ?? invoke).time;
    const id = textField(invoke, "term");
    const term = { id, candidate, elected, from, token: tokenOf(invoke), end: undefined };
    candidate.terms.push(term);
    return begun(candidate, term, from);
  },
  demoted: (demoted, candidate) => {
    endTerm(candidate, demoted);
    candidate.demotions.push(demoted);
    return undefined;
  },
  believes: (asked, candidate, belief) => {
    const { invoke, completion } = asked;
    if (completion?.type !== "ok") return belief;
    candidate.answers.push(asked);
    if (flagIn(completion, "leads") !== true) return undefined;
    const current = belief ?? begun(candidate, undefined, completion.time);
    current.to = Math.max(current.to, invoke.time);
    current.last = asked;
    return current;
  },
  work: (work, { works }, belief) => {
    works.push(work);
    return belief;
  },
  resign: (resign, candidate) => {
    endTerm(candidate, resign);
    const standing = candidate.standings.at(-1);
    if (standing !== undefined) standing.resign ??= resign;
    return undefined;
  },
};

function begun(candidate: GrowingCandidate, term: Term | undefined, from: number): Growing<Belief> {
  const belief: Growing<Belief> = { candidate, term, from, to: from, last: undefined };
  candidate.beliefs.push(belief);
  return belief;
}

function endTerm({ terms }: GrowingCandidate, end: Operation): void {
  const term = terms.at(-1);
  if (term !== undefined) term.end ??= end;
}

/** From when a candidate was told of its election until it was told of the end, resigned, or was last seen. */
export function toldSpan({ from, end, candidate: { lastSign } }: Term): Span {
  return { from, to: Math.max(from, end?.invoke.time ?? lastSign.time) };
}

/** All terms, in the order in which their candidates were told. */
export function termsOf(candidates: readonly Candidate[]): Term[] {
  return candidates
    .flatMap(({ terms }) => terms)
    .sort((a, b) => a.from - b.from || a.elected.invoke.index - b.elected.invoke.index);
}

/** How a term began, in words: `w1 was told of its election at 1.204 s (term w1-1, token 17)`. */
export function electionSaid({ id, token, candidate, from }: Term, moment: (time: number) => string): string {
  const words = token === undefined ? `term ${id}` : `term ${id}, token ${token}`;
  return `${candidate.who} was told of its election at ${moment(from)} (${words})`;
}
