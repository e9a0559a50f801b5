/** What a client's own library said of the lock, in words. */
import type { HistoryEvent } from "../../../history/operation.ts";
import { flagIn, numberIn } from "../../../history/vocabulary/read.ts";
import type { Grant } from "./grants.ts";
import { moment } from "../../kit/words.ts";

/** Words, and the events that they are about: a finding that shows the words shows these events, too. */
export interface Said {
  readonly words: string;
  readonly events: readonly HistoryEvent[];
}

/**
 * Just before a write: `its library, asked at 1.204 s, had said that it held the lock, for 120 ms more`; undefined
 * where nothing was recorded.
 */
export function librarySaid(write: HistoryEvent, grant: Grant | undefined): Said | undefined {
  const held = flagIn(write, "held");
  if (held === undefined) return undefined;
  const asked = grant?.beliefs.findLast(({ completion }) => completion !== undefined && completion.index < write.index);
  const events = [asked?.invoke, asked?.completion, write].filter((event) => event !== undefined);
  const library = asked === undefined ? "its library" : `its library, asked at ${moment(asked.invoke.time)},`;
  if (!held) return { words: `${library} had said that it did not hold the lock any more`, events };
  const remainingMs = numberIn(write, "remainingMs");
  const left = remainingMs === undefined ? "" : `, for ${remainingMs} ms more`;
  return { words: `${library} had said that it held the lock${left}`, events };
}

/** What it had last said by a moment of how long the lock is valid: `valid, it said, until 2.700 s`. */
export function validitySaid({ validities }: Grant, time: number): string {
  const until = validities.findLast(({ from }) => from <= time)?.to ?? Infinity;
  if (until <= time) return `no longer valid, it said, since ${moment(until)}`;
  return until === Infinity ? "for how long, it did not say" : `valid, it said, until ${moment(until)}`;
}

/** Whether the library has said anything of the lock, or can say something: else nobody was told that it holds. */
function speaks({ silent, isAsked, validUntil, validities, beliefs }: Grant): boolean {
  if (silent) return false;
  return isAsked || beliefs.length > 0 || validUntil < Infinity || validities.some(({ to }) => to < Infinity);
}

/**
 * Two that held at once, and why each of them thought so: `w1 and w2 were both told by their own libraries that they
 * held`.
 */
export function bothBelieved(a: Grant, b: Grant): string {
  if (speaks(a) && speaks(b)) return `${a.who} and ${b.who} were both told by their own libraries that they held`;
  if (!speaks(a) && !speaks(b))
    return `${a.who} and ${b.who} both had to believe, as their libraries ${nothingSaid([a, b])}, that they held`;
  const [told, other] = speaks(a) ? [a, b] : [b, a];
  return `${told.who} was told by its own library, and ${other.who}, whose library ${nothingSaid([other])}, had to believe, that it held`;
}

/** `says nothing of a lock`: two words where nobody knows whether the library could have. */
function nothingSaid(grants: readonly Grant[]): string {
  const many = grants.length > 1;
  if (grants.every(({ silent }) => silent)) return `${many ? "say" : "says"} nothing between grant and release`;
  return `${many ? "are" : "is"} not on record with a word`;
}

/** Who still held a lock, for the reason of a claim: by the word of its library, or because it was told nothing. */
export function stillBelieved(grants: readonly Grant[], others: string, their: string): string {
  if (grants.every(speaks)) return `${their} own library still vouched for the same one`;
  if (!grants.some(speaks)) return `${others} still had to believe in the same one`;
  return `${their} own library still vouched for the same one, or said nothing`;
}
