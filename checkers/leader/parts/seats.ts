/** Who led by the word of the servers: what the observer saw at the places where candidates said they sit. */
import type { History } from "../../../history/history.ts";
import type { Operation } from "../../../history/operation.ts";
import type { Fields } from "../../../history/vocabulary/read.ts";
import { fieldOf, isFields, listField, textField } from "../../../history/vocabulary/read.ts";
import type { Span } from "../../kit/phases.ts";
import { listed, who } from "../../kit/words.ts";

/** What one server had at one moment of the operation. */
export interface Look extends Span {
  readonly observe: Operation;
  readonly node: string;
  /** The candidates that it has as leaders, by their elections. */
  readonly leaders: ReadonlyMap<string, string>;
}

export interface Seats {
  /** Those that answered, in the order of their ends. */
  readonly looks: readonly Look[];
  /** All servers that were asked. */
  readonly nodes: readonly string[];
  /** The candidates that said where they sit, by their elections: `w1` of `leader:a`. */
  knows(key: string, candidate: string): boolean;
}

export function seatsOf(history: History): Seats {
  const sitting = new Map<string, { readonly key: string; readonly candidate: string }>();
  for (const { f, completion } of history.operations) {
    if (f !== "stand" || completion?.type !== "ok") continue;
    const seat = fieldOf(completion, "seat");
    if (seat !== undefined && isFields(seat))
      sitting.set(nameOf(seat), { key: textField(completion, "key"), candidate: who(completion) });
  }
  const known = new Set([...sitting.values()].map(({ key, candidate }) => JSON.stringify([key, candidate])));
  const observed = history.operations.filter(({ f }) => f === "observe");
  const looks = observed.flatMap((observe): Look[] => {
    const { invoke, completion } = observe;
    if (completion?.type !== "ok") return [];
    const leaders = new Map<string, string>();
    for (const seat of listField(completion, "seats")) {
      const found = isFields(seat) ? sitting.get(nameOf(seat)) : undefined;
      if (found !== undefined) leaders.set(found.key, found.candidate);
    }
    return [{ observe, node: textField(completion, "node"), leaders, from: invoke.time, to: completion.time }];
  });
  return {
    looks: looks.sort((a, b) => a.to - b.to),
    nodes: [...new Set(observed.map(({ invoke }) => textField(invoke, "node")))].sort(),
    knows: (key, candidate) => known.has(JSON.stringify([key, candidate])),
  };
}

function nameOf({ key, value }: Fields): string {
  return JSON.stringify([key, value]);
}

/** The looks that lie within a span, by the order of their ends: O(log n + what is found). */
export function looksWithin({ looks }: Seats, { from, to }: Span): Look[] {
  let [low, high] = [0, looks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((looks[middle]?.to ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  const found: Look[] = [];
  for (let i = low; i < looks.length; i += 1) {
    const look = looks[i];
    if (look === undefined || look.to > to) break;
    if (look.from >= from) found.push(look);
  }
  return found;
}

/** Whom the servers had as leader meanwhile: `the servers had w2 as its leader`; undefined where nobody knows. */
export function leadersSaid(seats: Seats, key: string, looks: readonly Look[]): string | undefined {
  if (looks.length === 0) return undefined;
  const leaders = [...new Set(looks.flatMap(({ leaders: each }) => each.get(key) ?? []))];
  const servers = seats.nodes.length === 1 ? `the server ${seats.nodes[0]}` : "the servers";
  return `${servers} had ${leaders.length === 0 ? "no candidate" : listed(leaders)} as leader`;
}
