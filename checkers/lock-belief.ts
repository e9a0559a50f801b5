/** What a client's own library said of the lock, in words. */
import type { HistoryEvent } from "../history/operation.ts";
import { fieldOf } from "./event-value.ts";
import type { Grant } from "./lock-grants.ts";
import { moment } from "./words.ts";

/** Just before a write: `its library, asked at 1.204 s, had said that it held the lock, for 120 ms more`; undefined where nothing was recorded. */
export function librarySaid(write: HistoryEvent, grant: Grant | undefined): string | undefined {
  const held = fieldOf(write, "held");
  if (typeof held !== "boolean") return undefined;
  const asked = grant?.beliefs.findLast(({ completion }) => completion !== undefined && completion.index < write.index);
  const library = asked === undefined ? "its library" : `its library, asked at ${moment(asked.invoke.time)},`;
  if (!held) return `${library} had said that it did not hold the lock any more`;
  const remainingMs = fieldOf(write, "remainingMs");
  const left = typeof remainingMs === "number" ? `, for ${remainingMs} ms more` : "";
  return `${library} had said that it held the lock${left}`;
}

/** What it had last said by a moment of how long the lock is valid: `valid, it said, until 2.700 s`. */
export function validitySaid({ validities }: Grant, time: number): string {
  const until = validities.findLast(({ from }) => from <= time)?.to ?? Infinity;
  if (until <= time) return `no longer valid, it said, since ${moment(until)}`;
  return until === Infinity ? "for how long, it did not say" : `valid, it said, until ${moment(until)}`;
}
