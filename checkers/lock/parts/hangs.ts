/**
 * Clients that wait for a lock in vain while others get it: an `acquire` that never settles, or that keeps failing.
 *
 * Time in which somebody else holds the lock is contention, and counts for nothing. What counts is the time in which
 * the client waits and nobody holds the lock, added up from one of its own grants to the next: a client that asks again
 * and again would have found it free. Bad luck is ruled out by two bounds, which must both be exceeded: that time, and
 * how often others were granted the lock meanwhile. One of `n` clients with the same chances is passed over so often by
 * a probability of less than one in a million.
 *
 * A client is not expected to get anything while it is paused, stalled or killed, nor while a fault of the network
 * names it.
 */
import type { Operation } from "../../../history/operation.ts";
import type { Finding } from "../../checker.ts";
import { evidence } from "../../kit/evidence.ts";
import type { FaultRecord } from "../../kit/faults.ts";
import { alongside } from "../../kit/faults.ts";
import type { Grant } from "./grants.ts";
import type { Span } from "../../kit/phases.ts";
import { counted, duration, listed, moment, who } from "../../kit/words.ts";

const IMPROBABLE = 1e-6;
const OF_THE_NETWORK = new Set([
  "link",
  "partition",
  "flaky",
  "packet-drop",
  "packet-loss",
  "packet-delay",
  "packet-reorder",
  "packet-duplicate",
]);

/** A part of an acquire in which its client really waits. */
export interface Waiting extends Span {
  readonly acquire: Operation;
}

/** A grant, and until when it was rightfully held. */
export interface HeldUntil {
  readonly grant: Grant;
  readonly to: number;
}

/** How one client fared from one of its grants to the next. */
export interface PassedOver {
  readonly key: string;
  readonly client: string;
  /** How long it waited while nobody held the lock, in nanoseconds. */
  readonly free: number;
  readonly span: Span;
  /** The grants of others while it waited. */
  readonly others: readonly Grant[];
  /** So many of these cannot be chance. */
  readonly tooMany: number;
  readonly acquires: readonly Operation[];
  readonly before: Grant | undefined;
  readonly after: Grant | undefined;
}

export interface HangOptions {
  readonly looked: Span;
  /** Faults during which a client that they name is expected to get the lock all the same. */
  readonly despite: readonly string[];
}

/** So many grants of others are no chance, where so many clients ask. */
export function tooManyFor(clients: number): number {
  return clients < 2 ? Infinity : Math.ceil(Math.log(IMPROBABLE) / Math.log(1 - 1 / clients));
}

/**
 * All times between two grants of one client in which it was passed over at least once. `held` are those of the key.
 */
export function passedOver(
  key: string,
  waitings: readonly Waiting[],
  held: readonly HeldUntil[],
  faults: ReadonlyMap<string, FaultRecord>,
  options: HangOptions,
): PassedOver[] {
  const byClient = Map.groupBy(waitings, ({ acquire }) => who(acquire.invoke));
  const clients = new Set([...byClient.keys(), ...held.map(({ grant }) => grant.who)]);
  const tooMany = tooManyFor(clients.size);
  if (tooMany === Infinity) return [];
  return [...byClient].flatMap(([client, own]) => {
    const cut = cutOff(faults, client, options.despite);
    const judged = own.flatMap((waiting) => without(waiting, cut));
    return segmentsOf(key, client, tooMany, judged, held, options.looked);
  });
}

/** When faults of the network named the client. */
function cutOff(faults: ReadonlyMap<string, FaultRecord>, client: string, despite: readonly string[]): Span[] {
  return [...faults.values()]
    .filter(({ id, kind, target }) => OF_THE_NETWORK.has(kind) && target.includes(client) && !despite.includes(id))
    .sort((a, b) => a.from - b.from);
}

/** What is left of a waiting, apart from some spans in the order of their beginnings. */
function without(waiting: Waiting, spans: readonly Span[]): Waiting[] {
  const left: Waiting[] = [];
  let { from } = waiting;
  for (const span of spans) {
    if (span.to <= from || span.from >= waiting.to) continue;
    if (span.from > from) left.push({ ...waiting, from, to: span.from });
    from = Math.max(from, span.to);
  }
  if (from < waiting.to) left.push({ ...waiting, from });
  return left;
}

interface Mark {
  readonly time: number;
  readonly waiting: -1 | 0 | 1;
  readonly holding: -1 | 0 | 1;
  readonly acquire?: Operation;
  readonly granted?: Grant;
}

function segmentsOf(
  key: string,
  client: string,
  tooMany: number,
  waitings: readonly Waiting[],
  held: readonly HeldUntil[],
  looked: Span,
): PassedOver[] {
  const marks: Mark[] = [];
  for (const { from, to, acquire } of waitings)
    marks.push({ time: from, waiting: 1, holding: 0, acquire }, { time: to, waiting: -1, holding: 0 });
  for (const { grant, to } of held)
    marks.push({ time: grant.ok.time, waiting: 0, holding: 1, granted: grant }, { time: to, waiting: 0, holding: -1 });
  marks.sort((a, b) => a.time - b.time);
  const segments: PassedOver[] = [];
  let [now, waiting, holding, free] = [looked.from, 0, 0, 0];
  let span: Span | undefined;
  let others: Grant[] = [];
  const open = new Set<Operation>();
  let acquires = new Set<Operation>();
  let before: Grant | undefined;
  const advance = (time: number): void => {
    const until = Math.min(time, looked.to);
    if (until > now && waiting > 0) {
      if (holding === 0) free += until - now;
      span = { from: span?.from ?? now, to: until };
      for (const acquire of open) acquires.add(acquire);
    }
    now = Math.max(now, until);
  };
  const finish = (after: Grant | undefined): void => {
    if (span !== undefined && others.length > 0)
      segments.push({ key, client, free, span, others, tooMany, acquires: [...acquires], before, after });
    [free, span, others, acquires, before] = [0, undefined, [], new Set(), after];
  };
  for (const { time, waiting: more, holding: held, acquire, granted } of marks) {
    advance(time);
    if (granted?.who === client) finish(granted);
    else if (granted !== undefined && waiting > 0 && time >= looked.from && time <= looked.to) others.push(granted);
    waiting += more;
    holding += held;
    if (acquire !== undefined) open.add(acquire);
    if (more === -1 && waiting === 0) open.clear();
  }
  advance(looked.to);
  finish(undefined);
  return segments;
}

/** Whether it is no chance any more. */
export function hangs({ free, others, tooMany }: PassedOver, bound: number): boolean {
  return free > bound && others.length >= tooMany;
}

export function describeHang(hang: PassedOver, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const { key, client, free, span, others, tooMany, acquires, before, after } = hang;
  const names = [...new Set(others.map((grant) => grant.who))];
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  const last = before === undefined ? "it had not got it before" : `it had last got it at ${moment(before.ok.time)}`;
  const then =
    after === undefined ? "it did not get it until the end of the load" : `it got it at ${moment(after.ok.time)}`;
  return {
    kind: "client-hangs",
    sentence:
      `${client} waited for ${key} in vain between ${moment(span.from)} and ${moment(span.to)}: for ${duration(free)} of that time nobody held it, and ${listed(shown)} got it ` +
      `${counted(others.length, "time")}; ${endOf(acquires)}; ${last}; ${then}${alongside(faults, span.from, span.to, [client])}.`,
    events: evidence([
      before?.acquire.invoke,
      before?.ok,
      ...acquires.flatMap(({ invoke, completion }) => [invoke, completion]),
      ...others.slice(0, tooMany).flatMap(({ acquire, ok }) => [acquire.invoke, ok]),
      after?.ok,
    ]),
  };
}

/** What became of its acquires: one that nobody answered, or several that came to nothing. */
function endOf(acquires: readonly Operation[]): string {
  const open = acquires.findLast(({ completion }) => completion === undefined || completion.type === "ok");
  const failed = acquires.filter(({ completion }) => completion !== undefined && completion.type !== "ok");
  const errors = [...new Set(failed.map(({ completion }) => completion?.error ?? "no reason"))].slice(0, 2);
  const parts = [
    ...(failed.length === 0
      ? []
      : [
          `${counted(failed.length, "acquire")} of it came to nothing (${errors.map((error) => `“${error}”`).join(", ")})`,
        ]),
    ...(open === undefined
      ? []
      : [
          open.completion === undefined
            ? `its acquire that was sent at ${moment(open.invoke.time)} never ended`
            : `its acquire that was sent at ${moment(open.invoke.time)} ended at ${moment(open.completion.time)}`,
        ]),
  ];
  return parts.join("; ");
}
