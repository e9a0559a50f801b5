/** Messages in sentences: which ones, by whom, when. */
import type { FaultRecord } from "../kit/faults.ts";
import { alongside } from "../kit/faults.ts";
import { listed, moment, ranges } from "../kit/words.ts";
import type { Messages, SendKind } from "./messages.ts";
import { numbered } from "./messages.ts";

/** How many of the messages a finding names as events; the sentence has the ranges of all. */
export const MAX_EVENTS_OF_MESSAGES = 10;

/** What was done with a message when it was sent. */
export const SENT: { readonly [kind in SendKind]: string } = { publish: "published", add: "added" };

/** `w1:5–9, 12; w2:3`, for messages in any order. */
function namedMessages(texts: readonly string[]): string {
  const plain = texts.filter((text) => numbered(text) === undefined);
  const parts = Map.groupBy(
    texts.flatMap((text) => numbered(text) ?? []),
    ({ publisher }) => publisher,
  );
  const groups = [...parts].map(
    ([publisher, each]) => `${publisher}:${ranges(each.map(({ number }) => number).sort((a, b) => a - b))}`,
  );
  const text = [...groups, ...plain].join("; ");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** @param calls invocations of sends, by their time. */
export function namedSends(messages: Messages, calls: readonly number[]): string {
  return namedMessages(calls.map((call) => messages.text(messages.named(call))));
}

export function sentWhen(messages: Messages, calls: readonly number[]): string {
  const [first, last] = [calls[0], calls.at(-1)];
  if (first === undefined || last === undefined) return "never sent";
  return first === last
    ? `sent at ${moment(messages.time(first))}`
    : `sent from ${moment(messages.time(first))} to ${moment(messages.time(last))}`;
}

export function senders(messages: Messages, calls: readonly number[]): string {
  return listed([...new Set(calls.map((call) => messages.receivers[messages.receiverOf(call)] ?? ""))]);
}

/** Faults that were active while messages were sent. */
export function faultsWhile(
  messages: Messages,
  calls: readonly number[],
  faults: ReadonlyMap<string, FaultRecord>,
  names: readonly string[],
): string {
  const [first, last] = [calls[0], calls.at(-1)];
  if (first === undefined || last === undefined) return "";
  const end = messages.endOf(last);
  return alongside(faults, messages.time(first), end === Infinity ? messages.time(last) : end, names);
}

/** The events of the first ones of the sends. */
export function shownSends(messages: Messages, calls: readonly number[]): number[] {
  return calls.slice(0, MAX_EVENTS_OF_MESSAGES).flatMap((call) => [call, messages.partner(call)]);
}
