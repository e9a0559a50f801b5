/**
 * The grants of locks, as the history tells them: who got which lock when, what the client's own library said of it,
 * and when the client let it go.
 */
import type { History } from "../../../history/history.ts";
import type { HistoryEvent, Operation } from "../../../history/operation.ts";
import { flagIn, optionalNumberField, textField, ValueError } from "../../../history/vocabulary/read.ts";
import { beginsHold, endsHold, grantIn, tokenOf, voicesIn } from "../../../history/vocabulary/read-lock.ts";
import type { FaultRecord } from "../../kit/faults.ts";
import { faultsOf, suspensions } from "../../kit/faults.ts";
import type { Span } from "../../kit/phases.ts";
import { fromMs, who } from "../../kit/words.ts";

/**
 * The loss is recorded by a listener that may come after others of the same signal: so long before, nothing had been
 * signalled.
 */
const SIGNAL_LAG_MS = 1;

/** A word of a library on how long a lock is valid, in nanoseconds. */
interface Told {
  readonly at: number;
  /** Infinity where it named no end. */
  readonly until: number;
}

export interface Grant {
  /** Unique in the run. */
  readonly id: string;
  readonly key: string;
  /** The worker, or process, that got it. */
  readonly who: string;
  readonly acquire: Operation;
  /** The `ok` of the acquire: from here on, the client acts as the holder. */
  readonly ok: HistoryEvent;
  /** The fencing token. Decimal texts are numbers too large for JSON. */
  readonly token: number | bigint | undefined;
  /** What the library said of how long it is valid: with the grant, and with each extension that it confirmed. */
  readonly told: readonly Told[];
  /**
   * When the client's own library called it valid, in order: from the grant, and again from an extension that came
   * after the end. Never empty.
   */
  readonly validities: readonly Span[];
  /** The end of the last of them: Infinity where the library named none. */
  readonly validUntil: number;
  /** The time to live that was asked for, in nanoseconds, where it is recorded. */
  readonly ttl: number | undefined;
  /** No later than the attempt began that got the lock. */
  readonly asked: number;
  /** What the library said each time that it was asked: those that were answered. */
  readonly beliefs: readonly Operation[];
  /** The last time that the library was asked and said that it held, before any `doubt`. */
  readonly lastSaid: Operation | undefined;
  /** The first `belief` or `write` that has the library's word that it does not hold the lock any more. */
  readonly doubt: Operation | undefined;
  /**
   * The library can notice a loss by itself, before any end that it has named: it is believed no longer than until it
   * was last heard.
   */
  readonly isAsked: boolean;
  /** What the library signalled by itself, where that is its only voice besides an end: the lock is lost. */
  readonly lost: Operation | undefined;
  /**
   * Until when it had certainly not signalled that, while its client could hear it; undefined where that is not known.
   */
  readonly unsignalledUntil: number | undefined;
  /** The library has no way to say whether it still holds: its user believes until the release. */
  readonly silent: boolean;
  /** The reads and writes of the protected resource under this grant, by their invocation. */
  readonly accesses: readonly Operation[];
  /** In the order of their answers. */
  readonly extensions: readonly Operation[];
  readonly release: Operation | undefined;
  /**
   * Whether its library was seen to ask the servers something by itself between the grant and the release; undefined
   * where nobody could see.
   */
  readonly refreshed: boolean | undefined;
  /**
   * What ended the hold: the release's invocation; without one, the last sign that the client still acted as the
   * holder.
   */
  readonly end: HistoryEvent;
}

/**
 * `grant`: from getting the lock to letting it go. `belief`: only as long as the client's own library vouched for it.
 */
export type HoldLevel = "grant" | "belief";

/** The time in which a client held a lock: never longer than it really was, so that two that overlap did overlap. */
export interface Hold {
  readonly grant: Grant;
  readonly from: number;
  readonly to: number;
}

/** Operations that name the grant under which they are made. */
const OF_A_GRANT: ReadonlySet<string> = new Set(["release", "extend", "belief", "read", "write"]);

/**
 * All grants, in the order of their `ok`.
 * @throws ValueError when an `acquire` cannot be read, or two have the same grant.
 */
export function grantsOf(history: History): Grant[] {
  return collectGrants(history, (error) => {
    throw error;
  });
}

/** Those that can be read, for a report, which shows what there is. */
export function readableGrantsOf(history: History): Grant[] {
  return collectGrants(history, () => undefined);
}

function collectGrants(history: History, unreadable: (error: ValueError) => void): Grant[] {
  const uses = usesOf(history);
  const losses = lossesOf(history);
  const faults = losses.size === 0 ? new Map<string, FaultRecord>() : faultsOf(history);
  const lastOf = new Map<number, HistoryEvent>();
  for (const event of history.events) if (typeof event.process === "number") lastOf.set(event.process, event);
  const grants = new Map<string, Grant>();
  /** A client that asks for a lock again does not think that it still has it. */
  const nextAsk = new Map<string, HistoryEvent>();
  const read = (operation: Operation): void => {
    const { completion: ok } = operation;
    const key = ok?.type === "ok" ? textField(ok, "key") : operation.invoke.value;
    if (typeof key !== "string") throw new ValueError(operation.invoke, "the key of the lock");
    const asked = `${operation.process} ${key}`;
    if (ok !== undefined && beginsHold(ok)) {
      const id = textField(ok, "grant");
      const twin = grants.get(id);
      if (twin !== undefined)
        throw new ValueError(twin.ok, `a grant that no other acquire has: event ${ok.index} has it too`);
      const extensions = (uses.extensions.get(id) ?? []).toSorted(byAnswer);
      const told = toldOf(ok, extensions);
      const validities = validitiesFrom(told);
      const release = uses.releases.get(id);
      const lost = isSignalled(ok) ? losses.get(id) : undefined;
      const lastSign = later(uses.lastNamed.get(id), lastOf.get(operation.process) ?? ok);
      grants.set(id, {
        id,
        key,
        who: who(ok),
        acquire: operation,
        ok,
        token: tokenOf(ok),
        told,
        validities,
        validUntil: validities.at(-1)?.to ?? Infinity,
        ttl: nanoseconds(ok, "ttlMs"),
        asked: Math.max(operation.invoke.time, ok.time - (nanoseconds(ok, "attemptMs") ?? Infinity)),
        beliefs: uses.beliefs.get(id) ?? [],
        lastSaid: uses.lastSaid.get(id),
        doubt: uses.doubts.get(id),
        lost,
        unsignalledUntil: lost && unsignalledUntil(lost, uses.lastSaid.get(id)?.invoke ?? ok, faults),
        isAsked: voicesIn(ok)?.some((voice) => voice !== "validUntil") ?? false,
        silent: voicesIn(ok)?.length === 0,
        accesses: uses.accesses.get(id) ?? [],
        extensions,
        release,
        refreshed: release && flagIn(release.invoke, "refreshed"),
        end: release?.invoke ?? sooner(nextAsk.get(asked), lastSign),
      });
    }
    nextAsk.set(asked, operation.invoke);
  };
  for (const operation of history.operations.toReversed()) {
    if (operation.f !== "acquire") continue;
    try {
      read(operation);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      unreadable(error);
    }
  }
  return [...grants.values()].sort((a, b) => a.ok.index - b.ok.index);
}

/** What was done under each grant, by the grant. */
interface Uses {
  readonly releases: ReadonlyMap<string, Operation>;
  readonly accesses: ReadonlyMap<string, Operation[]>;
  readonly extensions: ReadonlyMap<string, Operation[]>;
  readonly beliefs: ReadonlyMap<string, Operation[]>;
  readonly lastSaid: ReadonlyMap<string, Operation>;
  readonly doubts: ReadonlyMap<string, Operation>;
  /** The last event in which it is named. */
  readonly lastNamed: ReadonlyMap<string, HistoryEvent>;
}

function usesOf(history: History): Uses {
  const releases = new Map<string, Operation>();
  const accesses = new Map<string, Operation[]>();
  const extensions = new Map<string, Operation[]>();
  const beliefs = new Map<string, Operation[]>();
  const lastSaid = new Map<string, Operation>();
  const doubts = new Map<string, Operation>();
  const lastNamed = new Map<string, HistoryEvent>();
  for (const operation of history.operations) {
    if (!OF_A_GRANT.has(operation.f)) continue;
    const id = grantIn(operation.invoke);
    if (id === undefined) continue;
    if (endsHold(operation.invoke)) {
      if (!releases.has(id)) releases.set(id, operation);
      continue;
    }
    if (operation.f === "belief") {
      if (operation.completion?.type !== "ok") continue;
      addTo(beliefs, id, operation);
      const held = flagIn(operation.completion, "held");
      if (held === true && !doubts.has(id)) lastSaid.set(id, operation);
      if (held === false && !doubts.has(id)) doubts.set(id, operation);
      continue;
    }
    if (operation.f === "write" && flagIn(operation.invoke, "held") === false && !doubts.has(id))
      doubts.set(id, operation);
    addTo(operation.f === "extend" ? extensions : accesses, id, operation);
    lastNamed.set(id, later(lastNamed.get(id), operation.completion ?? operation.invoke));
  }
  return { releases, accesses, extensions, beliefs, lastSaid, doubts, lastNamed };
}

/** By grant: when its library first signalled that it is lost. */
function lossesOf(history: History): Map<string, Operation> {
  const losses = new Map<string, Operation>();
  for (const operation of history.operations) {
    const id = operation.f === "lost" ? grantIn(operation.invoke) : undefined;
    if (id !== undefined && !losses.has(id)) losses.set(id, operation);
  }
  return losses;
}

/**
 * Whether the library tells of a loss by a signal, and cannot be asked: then what it has not signalled it has not said.
 */
function isSignalled(ok: HistoryEvent): boolean {
  const voices = voicesIn(ok) ?? [];
  return voices.includes("signal") && !voices.includes("isHeld");
}

/**
 * A client that is stopped, or whose event loop is busy, is told nothing: since it was last heard it may have had
 * nothing to say.
 */
function unsignalledUntil(
  { invoke }: Operation,
  lastHeard: HistoryEvent,
  faults: ReadonlyMap<string, FaultRecord>,
): number | undefined {
  const until = invoke.time - fromMs(SIGNAL_LAG_MS);
  const heldUp = suspensions(faults, who(invoke)).some(({ from, to }) => from <= invoke.time && to >= lastHeard.time);
  return heldUp || until <= lastHeard.time ? undefined : until;
}

function addTo(lists: Map<string, Operation[]>, id: string, operation: Operation): void {
  const known = lists.get(id);
  if (known === undefined) lists.set(id, [operation]);
  else known.push(operation);
}

/** In order, and apart from each other: a lock that was extended after its validity had ended is believed in twice. */
export function holdsOf(grant: Grant, level: HoldLevel): Hold[] {
  if (level === "grant") return [{ grant, from: grant.ok.time, to: grant.end.time }];
  // A client that is told that its lock could not be extended no longer believes in it.
  const refused = grant.extensions.find(({ completion }) => completion !== undefined && completion.type !== "ok");
  // What it said while it was asked, it had not ceased to say before; nor had one that signals, before it did.
  const heard = grant.isAsked
    ? Math.max(grant.lastSaid?.invoke.time ?? grant.ok.time, grant.unsignalledUntil ?? -Infinity)
    : Infinity;
  const over = Math.min(grant.end.time, heard, doubtedFrom(grant), refused?.completion?.time ?? Infinity);
  return grant.validities
    .map(({ from, to }) => ({ grant, from, to: Math.min(to, over) }))
    .filter(({ from, to }, i) => i === 0 || to > from);
}

/**
 * A library that takes back what it had called valid for longer (the client's clock was set, or it noticed the loss)
 * may have done so at any time since it last said that it held.
 */
function doubtedFrom({ doubt, validities, lastSaid, extensions, unsignalledUntil: unsaid = -Infinity }: Grant): number {
  if (doubt === undefined) return Infinity;
  const at = (doubt.f === "belief" ? doubt.completion : undefined)?.time ?? doubt.invoke.time;
  const takenBack = validities.find(({ from, to }) => from <= at && at < to);
  if (takenBack === undefined) return at;
  const confirmed = extensions.flatMap(({ completion }) =>
    completion?.type === "ok" && completion.time <= at ? completion.time : [],
  );
  return Math.max(takenBack.from, lastSaid?.invoke.time ?? -Infinity, Math.min(unsaid, at), ...confirmed);
}

/** Those without an answer last. */
function byAnswer(a: Operation, b: Operation): number {
  return (a.completion?.index ?? Infinity) - (b.completion?.index ?? Infinity) || a.invoke.index - b.invoke.index;
}

function toldOf(ok: HistoryEvent, extensions: readonly Operation[]): Told[] {
  const confirmed = extensions.flatMap(({ completion }) => (completion?.type === "ok" ? [completion] : []));
  return [ok, ...confirmed].map((event) => ({ at: event.time, until: validUntil(event) }));
}

/** Each time, the validity that is named takes the place of the one before. */
function validitiesFrom(told: readonly Told[]): Span[] {
  const validities: Span[] = [];
  for (const { at, until } of told) {
    const last = validities.at(-1);
    if (last === undefined || last.to < at) validities.push({ from: at, to: until });
    else validities.splice(-1, 1, { from: last.from, to: until });
  }
  return validities;
}

function validUntil(ok: HistoryEvent): number {
  const validForMs = optionalNumberField(ok, "validForMs");
  return validForMs === undefined ? Infinity : ok.time + fromMs(validForMs);
}

function nanoseconds(ok: HistoryEvent, name: "ttlMs" | "attemptMs"): number | undefined {
  const ms = optionalNumberField(ok, name);
  return ms === undefined ? undefined : fromMs(ms);
}

/** Grants by key, each list in the order of their `ok`. */
export function byKey(grants: readonly Grant[]): Map<string, Grant[]> {
  return Map.groupBy(grants, (grant) => grant.key);
}

function later(a: HistoryEvent | undefined, b: HistoryEvent): HistoryEvent {
  return a !== undefined && a.index > b.index ? a : b;
}

function sooner(a: HistoryEvent | undefined, b: HistoryEvent): HistoryEvent {
  return a !== undefined && a.index < b.index ? a : b;
}
