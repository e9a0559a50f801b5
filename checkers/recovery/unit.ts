/** What has to recover each by itself. */
import { NO_PARTNER } from "../../history/columns/columns.ts";
import { NULL_WORD } from "../../history/columns/tape.ts";
import { optionalTextReader } from "../../history/vocabulary/read-columns.ts";
import type { Messages } from "../delivery/messages.ts";

export const UNITS = ["worker", "node", "channel", "subscription", "key", "entry"] as const;
export type UnitKind = (typeof UNITS)[number];

/** How one unit fared. */
export interface Fate {
  /** As sentences call it: `w2`, `w2 on orders`. */
  readonly name: string;
  /** Why nothing can be said of it. */
  readonly unjudged?: string;
  /** The first success, in nanoseconds since the start of the run; Infinity where none came. */
  readonly first: number;
  /** How long that took, counted as the bound is. */
  readonly took: number;
  /** Why it should have recovered by now: undefined where it did in time. */
  readonly violation?: Violation;
}

export interface Violation {
  readonly kind: string;
  readonly sentence: string;
  readonly events: readonly number[];
  /** How long it had to wait, for the order in which they are told. */
  readonly waited: number;
}

/** Gives the name of the unit to which an operation belongs, by its invocation; undefined where it is of none. */
export function unitReader(messages: Messages, kind: Exclude<UnitKind, "entry">): (call: number) => string | undefined {
  const { columns } = messages;
  const { tape, value } = columns;
  const worker = (call: number): string => messages.receivers[messages.receiverOf(call)] ?? "";
  const [keyIn, channelIn, nodeIn] = (["key", "channel", "node"] as const).map((name) =>
    optionalTextReader(columns, name),
  );
  const text = (index: number | undefined): string | undefined => tape.texts[index ?? NO_PARTNER];
  const channel = (call: number): string | undefined => text(channelIn?.(call));
  switch (kind) {
    case "worker":
      return worker;
    case "channel":
      return channel;
    case "subscription":
      return (call) => (channel(call) === undefined ? undefined : `${worker(call)} on ${channel(call)}`);
    case "node":
      return (call) => {
        const answered = columns.details?.node?.[messages.partner(call)] ?? NULL_WORD;
        return text(nodeIn?.(call)) ?? (answered === NULL_WORD ? undefined : String(tape.scalar(answered)));
      };
    case "key":
      return (call) => {
        const at = value[call] ?? 0;
        const first = tape.isArray(at) && tape.count(at) === 2 ? tape.first(at) : at;
        const named = tape.isText(first) || (first !== at && tape.isNumber(first));
        return text(keyIn?.(call)) ?? channel(call) ?? (named ? String(tape.scalar(tape.word(first))) : undefined);
      };
  }
}
