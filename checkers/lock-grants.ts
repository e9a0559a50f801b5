/**
 * The grants of locks, as the history tells them: who got which lock when, what the client's own library said of it, and when
 * the client let it go.
 */
import type { History } from "../history/history.ts";
import type { HistoryEvent, Operation } from "../history/operation.ts";
import { fieldOf, optionalNumber, textField, ValueError } from "./event-value.ts";
import { fromMs, who } from "./words.ts";

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
  /** Until when the client's own library called it valid, in nanoseconds; Infinity where it said nothing. */
  readonly validUntil: number;
  /** The reads and writes of the protected resource under this grant, by their invocation. */
  readonly accesses: readonly Operation[];
  readonly release: Operation | undefined;
  /** What ended the hold: the release's invocation; without one, the last sign that the client still acted as the holder. */
  readonly end: HistoryEvent;
}

/** `grant`: from getting the lock to letting it go. `belief`: only as long as the client's own library vouched for it. */
export type HoldLevel = "grant" | "belief";

/** The time in which a client held a lock: never longer than it really was, so that two that overlap did overlap. */
export interface Hold {
  readonly grant: Grant;
  readonly from: number;
  readonly to: number;
}

/** All grants, in the order of their `ok`. */
export function grantsOf(history: History): Grant[] {
  const releases = new Map<string, Operation>();
  const accesses = new Map<string, Operation[]>();
  /** The last event in which a grant is named. */
  const lastNamed = new Map<string, HistoryEvent>();
  const lastOf = new Map<number, HistoryEvent>();
  for (const event of history.events) if (typeof event.process === "number") lastOf.set(event.process, event);
  for (const operation of history.operations) {
    if (operation.f !== "release" && operation.f !== "read" && operation.f !== "write") continue;
    const id = fieldOf(operation.invoke, "grant");
    if (typeof id !== "string") continue;
    if (operation.f === "release") {
      if (!releases.has(id)) releases.set(id, operation);
      continue;
    }
    const known = accesses.get(id);
    if (known === undefined) accesses.set(id, [operation]);
    else known.push(operation);
    lastNamed.set(id, later(lastNamed.get(id), operation.completion ?? operation.invoke));
  }
  const grants = new Map<string, Grant>();
  /** A client that asks for a lock again does not think that it still has it. */
  const nextAsk = new Map<string, HistoryEvent>();
  for (const operation of history.operations.toReversed()) {
    if (operation.f !== "acquire") continue;
    const { completion: ok } = operation;
    const key = ok?.type === "ok" ? textField(ok, "key") : operation.invoke.value;
    if (typeof key !== "string") throw new ValueError(operation.invoke, "the key of the lock");
    const asked = `${operation.process} ${key}`;
    if (ok?.type === "ok") {
      const id = textField(ok, "grant");
      const twin = grants.get(id);
      if (twin !== undefined)
        throw new ValueError(twin.ok, `a grant that no other acquire has: event ${ok.index} has it too`);
      const validForMs = optionalNumber(ok, "validForMs");
      const release = releases.get(id);
      const lastSign = later(lastNamed.get(id), lastOf.get(operation.process) ?? ok);
      grants.set(id, {
        id,
        key,
        who: who(ok),
        acquire: operation,
        ok,
        token: tokenOf(ok),
        validUntil: validForMs === undefined ? Infinity : ok.time + fromMs(validForMs),
        accesses: accesses.get(id) ?? [],
        release,
        end: release?.invoke ?? sooner(nextAsk.get(asked), lastSign),
      });
    }
    nextAsk.set(asked, operation.invoke);
  }
  return [...grants.values()].sort((a, b) => a.ok.index - b.ok.index);
}

export function holdOf(grant: Grant, level: HoldLevel): Hold {
  const from = grant.ok.time;
  if (level === "grant") return { grant, from, to: grant.end.time };
  const doubt = grant.accesses.find(({ invoke }) => invoke.f === "write" && fieldOf(invoke, "held") === false);
  return { grant, from, to: Math.min(grant.end.time, grant.validUntil, doubt?.invoke.time ?? Infinity) };
}

/** Grants by key, each list in the order of their `ok`. */
export function byKey(grants: readonly Grant[]): Map<string, Grant[]> {
  return Map.groupBy(grants, (grant) => grant.key);
}

/** The fencing token in an event.
 * @throws ValueError when it is neither a number nor a text of digits. */
export function tokenOf(event: HistoryEvent): number | bigint | undefined {
  const token = fieldOf(event, "token") ?? undefined;
  if (token === undefined || typeof token === "number") return token;
  if (typeof token === "string" && /^\d+$/.test(token)) return BigInt(token);
  throw new ValueError(event, "a token that is a number, or a text of digits");
}

function later(a: HistoryEvent | undefined, b: HistoryEvent): HistoryEvent {
  return a !== undefined && a.index > b.index ? a : b;
}

function sooner(a: HistoryEvent | undefined, b: HistoryEvent): HistoryEvent {
  return a !== undefined && a.index < b.index ? a : b;
}
