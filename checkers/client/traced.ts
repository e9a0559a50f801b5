/** The calls of a history, and what the final reads have found of each. */
import type { History } from "../../history/history.ts";
import type { HistoryEvent, Operation } from "../../history/operation.ts";
import { outcome } from "../../history/operation.ts";
import { flagIn, listField, optionalNumberField, textField } from "../../history/vocabulary/read.ts";
import { phaseStart } from "../kit/phases.ts";

/** How a call ended for its caller. `open`: it has no end at all, as of a worker that was killed. */
export type CallEnd = "ok" | "refused" | "unknown" | "unsettled" | "open";

export interface TracedCall {
  readonly operation: Operation;
  readonly end: CallEnd;
  readonly via: string;
  readonly command: string;
  readonly key: string;
  readonly elements: readonly string[];
}

/** A read of a key's traces that succeeded. */
export interface TraceRead {
  readonly operation: Operation;
  readonly key: string;
  readonly elements: readonly string[];
  /** The number of a count. */
  readonly count: number | undefined;
}

export interface Traced {
  /** By the time of their invocation. */
  readonly calls: readonly TracedCall[];
  /** All that succeeded, in the order of their completions. */
  readonly reads: readonly TraceRead[];
  /** The last read of each key that began in the final phase. */
  readonly finals: ReadonlyMap<string, TraceRead>;
  /** How often each element was found in the end, by key. */
  readonly found: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** A count has no element for each time that it was raised. */
const COUNTING = "INCR";

export function tracedIn(history: History): Traced {
  const calls = callsOf(history);
  const reads = history.operations
    .filter(({ f, completion }) => f === "traces" && completion?.type === "ok")
    .map(readOf)
    .sort((a, b) => endOf(a) - endOf(b));
  const final = phaseStart(history, "final");
  const finals = new Map<string, TraceRead>();
  for (const read of reads)
    // A history without phases is a test's, or another tool's: there, the last one counts.
    if (final === undefined || read.operation.invoke.time >= final) finals.set(read.key, read);
  const found = new Map([...finals].map(([key, { elements }]) => [key, counts(elements)]));
  return { calls, reads, finals, found };
}

/** How often the element was found; undefined where its key was not read, or counts only. */
export function timesFound({ found }: Traced, { key, command }: TracedCall, element: string): number | undefined {
  return command === COUNTING ? undefined : found.get(key) && (found.get(key)?.get(element) ?? 0);
}

/** Why the final reads do not decide; undefined when all keys were read. */
export function unreadKeys({ calls, finals }: Traced): string | undefined {
  const missing = [...new Set(calls.map(({ key }) => key))].filter((key) => !finals.has(key));
  const [first] = missing;
  if (first === undefined) return undefined;
  const others = missing.length === 1 ? "" : ` and of ${missing.length - 1} more`;
  return `No final read of ${first}${others} succeeded, so nobody knows what was carried out there.`;
}

/** The key of a count, what its callers were told, and what was found. */
export interface CountedKey {
  readonly key: string;
  readonly calls: readonly TracedCall[];
  readonly found: number;
  readonly read: TraceRead;
  /** Commands by how their calls ended. */
  readonly ok: number;
  readonly refused: number;
  readonly unknown: number;
}

export function countedKeys({ calls, finals }: Traced): CountedKey[] {
  const byKey = Map.groupBy(
    calls.filter(({ command }) => command === COUNTING),
    ({ key }) => key,
  );
  return [...byKey].flatMap(([key, own]) => {
    const read = finals.get(key);
    if (read?.count === undefined) return [];
    const commands = (ends: readonly CallEnd[]): number =>
      own.reduce((sum, { end, elements }) => sum + (ends.includes(end) ? elements.length : 0), 0);
    return [
      {
        key,
        calls: own,
        found: read.count,
        read,
        ok: commands(["ok"]),
        refused: commands(["refused"]),
        unknown: commands(["unknown", "unsettled", "open"]),
      },
    ];
  });
}

export function endOf({ operation }: { readonly operation: Operation }): number {
  return operation.completion?.time ?? Infinity;
}

function callsOf(history: History): TracedCall[] {
  return history.operations
    .filter(({ f }) => f === "call")
    .map((operation): TracedCall => {
      const { invoke } = operation;
      return {
        operation,
        end: endingOf(operation),
        via: textField(invoke, "via"),
        command: textField(invoke, "command"),
        key: textField(invoke, "key"),
        elements: texts(invoke),
      };
    });
}

/** Whether the call had not settled by redquake's own deadline. */
export function isUnsettled({ completion }: Operation): boolean {
  return completion !== undefined && flagIn(completion, "unsettled") === true;
}

function endingOf(operation: Operation): CallEnd {
  if (operation.completion === undefined) return "open";
  if (isUnsettled(operation)) return "unsettled";
  const type = outcome(operation);
  return type === "ok" ? "ok" : type === "fail" ? "refused" : "unknown";
}

function readOf(operation: Operation): TraceRead {
  const event = operation.completion ?? operation.invoke;
  return {
    operation,
    key: textField(event, "key"),
    elements: texts(event),
    count: optionalNumberField(event, "count"),
  };
}

function texts(event: HistoryEvent): string[] {
  return listField(event, "elements").map(String);
}

function counts(elements: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const element of elements) found.set(element, (found.get(element) ?? 0) + 1);
  return found;
}
