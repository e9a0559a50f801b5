/**
 * The spans in which a worker held a lock as far as it knew: those that the checkers judge, from the `ok` of its
 * `acquire` to the `invoke` of its `release`. That is the worker's belief, and the point of the picture: what the
 * server thought may differ.
 */
import type { Grant } from "../checkers/lock/parts/grants.ts";
import { holdsOf as spansOf, readableGrantsOf } from "../checkers/lock/parts/grants.ts";
import type { History } from "../history/history.ts";
import { flagIn, numberIn } from "../history/vocabulary/read.ts";
import { laneName } from "./lanes.ts";
import { microseconds } from "./quantities.ts";

export interface Hold {
  readonly lane: string;
  readonly key: string;
  readonly grant: string;
  readonly token: number | bigint | undefined;
  /** Index of the event that acquired it. */
  readonly acquired: number;
  readonly fromUs: number;
  /** The release, or the last sign that the client still acted as the holder when it never released. */
  readonly toUs: number;
  readonly released: boolean;
  /** What the client's own library said of how long the lock is valid, in order. */
  readonly validity: readonly Word[];
}

interface Word {
  /** When it was recorded. */
  readonly atUs: number;
  /** Infinity where it named no end. */
  readonly untilUs: number;
}

/** Until when a hold was valid by what its library had said up to a moment; undefined when it had named no end. */
export function validUntil(hold: Hold, us = Infinity): number | undefined {
  const until = hold.validity.findLast((said) => said.atUs <= us)?.untilUs;
  return until === Infinity ? undefined : until;
}

/** Milliseconds are rounded on their way into a history. */
const ROUNDING_US = 2000;

/** All holds by the time of their start. */
export function holdsOf(history: History): Hold[] {
  const before = timesBefore(history);
  return readableGrantsOf(history).flatMap((grant) =>
    spansOf(grant, "grant").map(({ from, to }) => ({
      lane: laneName(grant.ok),
      key: grant.key,
      grant: grant.id,
      token: grant.token,
      acquired: grant.ok.index,
      fromUs: microseconds(from),
      toUs: microseconds(to),
      released: grant.release !== undefined,
      validity: validityOf(grant, before),
    })),
  );
}

/** By the index of each invocation, when its process had recorded something before. */
function timesBefore(history: History): ReadonlyMap<number, number> {
  const last = new Map<number | string, number>();
  const before = new Map<number, number>();
  for (const { process, type, index, time } of history.events) {
    if (type === "invoke") before.set(index, last.get(process) ?? time);
    last.set(process, time);
  }
  return before;
}

/**
 * With the grant and its extensions; and with a write, where the time that was left then proves that the library had
 * prolonged the lock by itself.
 */
function validityOf({ told, accesses }: Grant, before: ReadonlyMap<number, number>): Word[] {
  const words: Word[] = told.map(({ at, until }) => ({ atUs: microseconds(at), untilUs: microseconds(until) }));
  for (const { invoke } of accesses) {
    const remaining = flagIn(invoke, "held") === true ? numberIn(invoke, "remainingMs") : undefined;
    if (remaining === undefined) continue;
    const atUs = microseconds(invoke.time);
    const place = words.findLastIndex((word) => word.atUs <= atUs) + 1;
    const known = words[place - 1]?.untilUs ?? Infinity;
    // The library spoke at some moment after the process's previous event: a pause may lie between its word and this
    // event. Only time left that cannot come from the validity known so far proves that the lock was prolonged.
    const saidUs = microseconds(before.get(invoke.index) ?? invoke.time);
    const proves = known === Infinity || saidUs + remaining * 1000 > known + ROUNDING_US;
    if (proves) words.splice(place, 0, { atUs, untilUs: atUs + remaining * 1000 });
  }
  return words;
}
