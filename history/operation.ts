/**
 * The words of a history: events, and the operations that pairs of events form.
 *
 * A history is a list of events in the order of time. Every operation of a logical process is an `invoke`
 * followed by exactly one completion, or by none when the process died or the run ended:
 * `ok` (it happened), `fail` (it certainly did not happen), `info` (unknown: it may still happen later).
 * The vocabulary is Jepsen's (https://github.com/jepsen-io/jepsen, `jepsen.history`).
 */

/** Any value that survives a round trip through JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type EventType = "invoke" | "ok" | "fail" | "info";

/** The process that acts in the name of the fault injector. */
export const NEMESIS = "nemesis";

/** One line of `history.jsonl`. */
export interface HistoryEvent {
  /** Position in the history, from 0. */
  readonly index: number;
  /** Nanoseconds since the start of the run, on CLOCK_MONOTONIC of the machine. */
  readonly time: number;
  /** A logical single-threaded client, or the nemesis. */
  readonly process: number | typeof NEMESIS;
  readonly type: EventType;
  /** What was asked for: `acquire`, `write`, `publish` … */
  readonly f: string;
  readonly value: Json;
  /** Why a `fail` or `info` is one. Where a file has another value than a text, its JSON text. */
  readonly error?: string;
  /** The node that answered, where the client can know it. */
  readonly node?: string;
  /** The operating-system process that recorded the event, such as `w1`. */
  readonly worker?: string;
  /** How often the client library sent the command, where that was more than once. */
  readonly attempts?: number;
}

/** An invocation with its completion; `completion` is absent when none was ever recorded. */
export interface Operation {
  readonly process: number;
  readonly f: string;
  readonly invoke: HistoryEvent;
  readonly completion?: HistoryEvent;
}

/** How an operation ended; an operation without completion is `info`, as nobody knows whether it happened. */
export function outcome(operation: Operation): "ok" | "fail" | "info" {
  const type = operation.completion?.type;
  return type === undefined || type === "invoke" ? "info" : type;
}
