/** A finding told in the order of time: its events, what their workers believed, and what the nemesis did meanwhile. */
import type { Finding } from "../checkers/checker.ts";
import type { History } from "../history/history.ts";
import type { FaultMoment } from "../history/nemesis-event.ts";
import { faultMoment } from "../history/nemesis-event.ts";
import type { HistoryEvent, Json } from "../history/operation.ts";
import { NEMESIS } from "../history/operation.ts";
import type { FieldName } from "../history/vocabulary/vocabularies.ts";
import { flagIn, numberIn } from "../history/vocabulary/read.ts";
import { grantIn } from "../history/vocabulary/read-lock.ts";
import type { Hold } from "./holds.ts";
import { validUntil } from "./holds.ts";
import { laneName } from "./lanes.ts";
import { formatLength, formatMoment, formatNumber, microseconds } from "./quantities.ts";

/** A step is an event of the finding (numbered) or a moment of a fault. */
export type StoryStep =
  | {
      readonly kind: "event";
      /** From 1, in the order of time. */
      readonly number: number;
      readonly atUs: number;
      readonly event: HistoryEvent;
      /** Name of the lane. */
      readonly who: string;
      /** The value in words, without what is in `belief`. */
      readonly what: string;
      /** What the worker believed of its lock at that moment, or "" when nothing is known. */
      readonly belief: string;
    }
  | { readonly kind: "fault"; readonly atUs: number; readonly moment: FaultMoment };

export interface Story {
  readonly finding: Finding;
  readonly steps: readonly StoryStep[];
  /** Holds of locks that the events speak of. */
  readonly holds: readonly Hold[];
  /** Fault moments that had begun before the first step and not yet ended. */
  readonly inEffect: readonly FaultMoment[];
  readonly fromUs: number;
  readonly toUs: number;
  /** Events of the finding beyond those that are told, or that the history does not have. */
  readonly untold: number;
}

/** A longer story than this does not help; the finding's own sentence must then carry it. */
const MAX_EVENTS = 40;

export function tellStory(finding: Finding, history: History, holds: readonly Hold[]): Story {
  const events = finding.events
    .slice(0, MAX_EVENTS)
    .flatMap((index) => history.events[index] ?? [])
    .sort((a, b) => a.index - b.index);
  const first = events[0];
  const last = events.at(-1);
  const told = relevantHolds(events, holds);
  if (first === undefined || last === undefined) {
    return { finding, steps: [], holds: [], inEffect: [], fromUs: 0, toUs: 0, untold: finding.events.length };
  }
  const steps: StoryStep[] = events.map((event, position) => ({
    kind: "event",
    number: position + 1,
    atUs: microseconds(event.time),
    event,
    who: event.process === NEMESIS ? NEMESIS : laneName(event),
    what: valueInWords(event.value, BELIEFS),
    belief: beliefAt(event, holds),
  }));
  const inEffect = new Map<string, FaultMoment>();
  for (const event of history.nemesis) {
    const moment = faultMoment(event);
    if (moment === undefined || moment.stage === "not-fired" || event.time > last.time) continue;
    if (event.time >= first.time) {
      if (moment.stage === "active" || moment.stage === "heal") {
        steps.push({ kind: "fault", atUs: microseconds(event.time), moment });
      }
    } else if (moment.stage === "healed") {
      inEffect.delete(moment.fault);
    } else if (moment.stage === "active") {
      inEffect.set(moment.fault, moment);
    }
  }
  return {
    finding,
    steps: steps.sort((a, b) => a.atUs - b.atUs),
    holds: told,
    inEffect: [...inEffect.values()],
    fromUs: microseconds(first.time),
    toUs: microseconds(last.time),
    untold: finding.events.length - events.length,
  };
}

function relevantHolds(events: readonly HistoryEvent[], holds: readonly Hold[]): Hold[] {
  const indexes = new Set(events.map((event) => event.index));
  const grants = new Set(events.map((event) => grantIn(event)));
  return holds.filter((hold) => indexes.has(hold.acquired) || grants.has(hold.grant));
}

const BELIEFS: readonly FieldName[] = ["held", "remainingMs", "validForMs"];

/**
 * What the worker's own library had told it, in words; from this event, or from the last thing said of the same grant.
 */
function beliefAt(event: HistoryEvent, holds: readonly Hold[]): string {
  const valid = numberIn(event, "validForMs");
  if (valid !== undefined) {
    const until = microseconds(event.time) + valid * 1000;
    return `holds it, valid for ${formatNumber(valid)} ms: until ${formatMoment(until)}`;
  }
  const atUs = microseconds(event.time);
  const grant = grantIn(event);
  const hold = holds.find((each) => each.grant === grant && each.fromUs <= atUs && atUs <= each.toUs);
  const until = hold === undefined ? undefined : validUntil(hold, atUs);
  const overdue = until !== undefined && atUs > until;
  const held = flagIn(event, "held");
  if (held === false) return "its library had said: not held any more";
  if (held === true) {
    const remaining = numberIn(event, "remainingMs");
    const left = remaining === undefined ? "" : `, ${formatNumber(remaining)} ms left`;
    const truth = overdue ? `; but its validity had ended ${formatLength(atUs - until)} before` : "";
    return `its library had said: held${left}${truth}`;
  }
  if (until === undefined) return "";
  return overdue
    ? `its validity ended ${formatLength(atUs - until)} ago`
    : `holds it, ${formatLength(until - atUs)} left`;
}

/** Longest text that a value takes in a table of the story. */
const MAX_WORDS = 240;

/** `key lock:a · grant w1-3 · token 17` for an object, JSON for anything else. */
function valueInWords(value: Json, without: readonly string[] = []): string {
  if (value === null) return "";
  if (typeof value === "string") return shorten(value);
  if (typeof value !== "object" || Array.isArray(value)) return shorten(JSON.stringify(value));
  const members = Object.entries(value).filter(([name]) => !without.includes(name));
  return shorten(
    members
      .map(([name, member]) => `${name} ${typeof member === "string" ? member : JSON.stringify(member)}`)
      .join(" · "),
  );
}

function shorten(text: string): string {
  return text.length <= MAX_WORDS ? text : `${text.slice(0, MAX_WORDS)}…`;
}
