/**
 * Units that try by themselves: each must succeed again within the bound. A unit that does not try proves nothing; one
 * whose attempt is open, or fails, after the bound has not recovered.
 */
import type { Messages } from "../delivery/messages.ts";
import { evidenceAt } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { counted, duration, fromMs, listed, moment } from "../kit/words.ts";
import type { Calm } from "./calm.ts";
import type { Fate, UnitKind } from "./unit.ts";
import { unitReader } from "./unit.ts";

const NONE = -1;

/** What was seen of a unit, its attempts being looked at by the time of their invocation. */
class Trying {
  /** The first attempt that was open at or after the beginning, and from when on it was. */
  opening = NONE;
  asked = Infinity;
  /** The first success after the beginning. */
  success = NONE;
  first = Infinity;
  /** The first attempt that shows that it had not recovered after the bound, if no success came before. */
  proof = NONE;
  proofFrom = Infinity;
  proofEnd = Infinity;
  tried = 0;
  before = 0;
}

/** Attempts count until `calm.to`, except by units that are left out. */
export function fatesOfTrying(
  messages: Messages,
  f: readonly string[],
  kind: Exclude<UnitKind, "entry">,
  boundMs: number,
  calm: Calm,
  faults: ReadonlyMap<string, FaultRecord>,
  leftOut: (unit: string, worker: string) => boolean,
): Fate[] {
  const unitOf = unitReader(messages, kind);
  const bound = fromMs(boundMs);
  const units = new Map<string, Trying>();
  const kills = [...faults.values()].filter(({ kind: each, from }) => each === "kill" && from !== Infinity);
  const calls = f.map((name) => messages.calls(name));
  for (const call of calls.length === 1
    ? (calls[0] ?? [])
    : Int32Array.from(calls.flatMap((each) => [...each])).sort()) {
    const unit = unitOf(call);
    const worker = messages.receivers[messages.receiverOf(call)] ?? "";
    if (unit === undefined || leftOut(unit, worker)) continue;
    let trying = units.get(unit);
    if (trying === undefined) units.set(unit, (trying = new Trying()));
    look(trying, call, worker);
  }
  const named = [...units].map(([name, trying]) => ({ name, trying }));
  const recovered = named.filter(({ trying }) => trying.first < Infinity).map(({ name }) => name);
  return named.map(({ name, trying }) => fateOf(name, trying, messages, f, bound, calm, recovered));

  function look(trying: Trying, call: number, worker: string): void {
    const from = messages.time(call);
    const ok = messages.outcome(call) === "ok";
    const end = endAlive(messages, call, worker, kills);
    if (end < calm.from) {
      trying.before += ok ? 1 : 0;
      return;
    }
    if (ok && end < trying.first) [trying.first, trying.success] = [end, call];
    if (from >= calm.to) return;
    trying.tried += 1;
    if (trying.opening === NONE) [trying.opening, trying.asked] = [call, Math.max(from, calm.from)];
    const deadline = trying.asked + bound;
    const shows = end > deadline && deadline < calm.to && (!ok || from <= deadline);
    if (shows && trying.proof === NONE) [trying.proof, trying.proofFrom, trying.proofEnd] = [call, from, end];
  }
}

/** A client waits no longer than it lives. */
function endAlive(messages: Messages, call: number, worker: string, kills: readonly FaultRecord[]): number {
  const end = messages.endOf(call);
  if (end !== Infinity || kills.length === 0) return end;
  const from = messages.time(call);
  const killed = kills.filter((kill) => kill.target.includes(worker) && kill.from >= from).map((kill) => kill.from);
  return Math.min(end, ...killed);
}

function fateOf(
  name: string,
  trying: Trying,
  messages: Messages,
  f: readonly string[],
  bound: number,
  calm: Calm,
  recovered: readonly string[],
): Fate {
  const { first, asked, opening, proof, proofFrom, success } = trying;
  const deadline = asked + bound;
  const none = { name, first, took: first - asked };
  if (opening === NONE) return { ...none, unjudged: "tried nothing afterwards" };
  if (first <= deadline) return none;
  if (deadline >= calm.to) return { ...none, unjudged: "had less time than the bound" };
  if (proof === NONE || proofFrom >= first) return { ...none, unjudged: "did not try after the bound" };
  const never = first === Infinity;
  const last = never ? calm.to : first;
  const what = f.join(" or ");
  const others = recovered.filter((each) => each !== name);
  const end = never
    ? `to the end (${duration(calm.to - asked)} later, ${counted(trying.tried, "attempt")})`
    : `until ${moment(first)}, ${duration(first - asked)} later`;
  return {
    ...none,
    violation: {
      kind: never ? "never-again" : "late-recovery",
      sentence: `${name}: no ${what} succeeded from ${moment(asked)} ${end}; the bound is ${duration(bound)}${whileOthers(others)}${trying.before === 0 ? "; none had succeeded before the fault either" : ""}`,
      events: evidenceAt([
        ...[opening, proof].flatMap((call) => [call, messages.partner(call)]),
        ...(never ? [] : [success, messages.partner(success)]),
      ]),
      waited: last - asked + (never ? Number.MAX_SAFE_INTEGER / 2 : 0),
    },
  };
}

/** The others are told by name: a unit that is dead alone is another story than one among many. */
export function whileOthers(others: readonly string[]): string {
  if (others.length === 0) return ", and nothing else recovered";
  const shown = others.length > 4 ? [...others.slice(0, 3), `${others.length - 3} more`] : others;
  return `, while ${listed(shown)} did`;
}
