/**
 * Why nobody gets a lock that nobody holds, as far as the history shows it: who may have left it behind, and what the
 * servers still have of it.
 */
import type { History } from "../../../history/history.ts";
import type { Operation } from "../../../history/operation.ts";
import { flagIn } from "../../../history/vocabulary/read.ts";
import { keyOfAcquire, leftKeysIn } from "../../../history/vocabulary/read-lock.ts";
import type { FaultRecord } from "../../kit/faults.ts";
import { openUntil } from "../../kit/faults.ts";
import type { Said } from "./belief.ts";
import type { Grant } from "./grants.ts";
import { lastLook } from "../leftovers.ts";
import type { Span } from "../../kit/phases.ts";
import { duration, fromMs, moment, who } from "../../kit/words.ts";

/** A time in which a free lock was waited for in vain. */
export interface VainWait {
  readonly key: string;
  readonly span: Span;
  /** The last grant before it. */
  readonly before: Grant | undefined;
}

/** The end of a sentence: `; the acquire of w1 …`. */
export function attemptsBefore(
  { key, span, before }: VainWait,
  history: History,
  faults: ReadonlyMap<string, FaultRecord>,
): Said {
  const parts = [
    released(before),
    unansweredAcquire({ key, span, before }, history, faults),
    ...stillThere(key, history),
  ].filter((part) => part !== undefined);
  return { words: parts.map(({ words }) => `; ${words}`).join(""), events: parts.flatMap(({ events }) => events) };
}

/** What the last holder was told of its release. */
function released(before: Grant | undefined): Said | undefined {
  const { invoke, completion } = before?.release ?? {};
  if (before === undefined || invoke === undefined) return undefined;
  const sent = `${before.who} sent its release at ${moment(invoke.time)}`;
  if (completion === undefined) return { words: `${sent}, which never ended`, events: [invoke] };
  const freed = completion.type === "ok" ? flagIn(completion, "freed") : undefined;
  const told =
    freed === true
      ? "was told that it had freed the lock"
      : freed === false
        ? "was told that the lock was not its own"
        : completion.type === "ok"
          ? "was told that it was done"
          : `had no confirmation (“${completion.error ?? completion.type}”)`;
  return { words: `${sent} and at ${moment(completion.time)} ${told}`, events: [invoke, completion] };
}

/**
 * The last acquire with an unknown outcome that began after that grant and before the wait was over: it may have taken
 * the lock.
 */
function unansweredAcquire(
  { key, span, before }: VainWait,
  history: History,
  faults: ReadonlyMap<string, FaultRecord>,
): Said | undefined {
  const acquire = history.operations.findLast(
    (each) =>
      each.f === "acquire" &&
      keyOfAcquire(each) === key &&
      each.invoke.time < span.to &&
      (each.completion?.time ?? Infinity) > (before?.ok.time ?? -Infinity) &&
      isUnanswered(each, span, faults),
  );
  if (acquire === undefined) return undefined;
  const { invoke, completion } = acquire;
  const told = `the acquire that ${who(invoke)} sent at ${moment(invoke.time)}`;
  const killed = openUntil(acquire, faults);
  const how =
    completion?.type === "info"
      ? `had no answer by ${moment(completion.time)} (“${completion.error ?? "nobody knows"}”)`
      : completion !== undefined
        ? `ended without the lock at ${moment(completion.time)}, after its connection had been struck`
        : killed < Infinity
          ? "had no answer before its client was killed"
          : "never had an answer";
  return {
    words: `${told} ${how}: what it took may have been left behind`,
    events: completion === undefined ? [invoke] : [invoke, completion],
  };
}

/**
 * Its reply may be lost: nobody knows its end, or a fault of its own connections struck while it was open and it was
 * not granted.
 */
function isUnanswered(acquire: Operation, span: Span, faults: ReadonlyMap<string, FaultRecord>): boolean {
  const { invoke, completion } = acquire;
  if (completion?.type === "ok") return false;
  if (completion?.type === "info") return true;
  const until = openUntil(acquire, faults);
  if (completion === undefined && until < Infinity) return true;
  const struck = [...faults.values()].some(
    ({ kind, target, from, to }) =>
      kind === "link" && target.includes(who(invoke)) && from <= until && to >= invoke.time && from < span.to,
  );
  return struck;
}

/** What the last look at the servers found that bears the lock's name. */
function stillThere(key: string, history: History): Said[] {
  const look = lastLook(history);
  if (look === undefined) return [];
  return leftKeysIn(look)
    .filter((each) => each.key.includes(key) && !(each.counter && each.ttlMs < 0))
    .map(({ server, key: name, ttlMs }) => ({
      words: `at ${moment(look.time)} ${server} still had the key ${JSON.stringify(name)}, ${ttlMs < 0 ? "which has no expiry" : `which expires only in ${duration(fromMs(ttlMs))}`}`,
      events: [look],
    }));
}
