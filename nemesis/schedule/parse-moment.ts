/**
 * Reads the moments of a schedule: `at 3s`, `on acquire #5 +200ms`, `after cut healed`, `when w1 reaches
 * critical-section`.
 */
import type { EventType } from "../../history/operation.ts";
import type { Barrier, EventSighting, Moment, Sighting } from "../../history/plan.ts";
import type { Scanner, Word } from "./scanner.ts";
import { EVENT_TYPES } from "./words.ts";

/** A moment, and the words that name other faults, which may stand anywhere in the schedule. */
export interface ParsedMoment {
  readonly moment: Moment;
  readonly named: readonly Word[];
}

const STAGES = ["active", "healed"] as const;

/** The moment in which a fault starts. */
export function parseStart(scanner: Scanner): ParsedMoment {
  const offset = scanner.offset;
  const parsed = parseParts(scanner, (into) => {
    if (scanner.takeKeyword("at")) into.afterMs = scanner.duration();
  });
  if (Object.keys(parsed.moment).length > 0) return parsed;
  const word = scanner.peekWord();
  if (word === undefined) throw scanner.wrongHere("a moment that begins with at, on, when or after");
  throw scanner.unknown("moment", { text: word.text, offset: word.offset ?? offset }, ["at", "on", "when", "after"]);
}

/**
 * The moment in which a fault ends: `for 4s`, `until on acquire`, `until healed` (which is the end of the load).
 * Undefined: then.
 */
export function parseEnd(scanner: Scanner): ParsedMoment | undefined {
  if (scanner.takeKeyword("for")) {
    const afterMs = scanner.duration();
    const rest = parseParts(scanner, () => undefined, ["when"]);
    return { moment: { afterMs, ...rest.moment }, named: rest.named };
  }
  if (!scanner.takeKeyword("until")) return undefined;
  if (scanner.takeKeyword("healed")) return undefined;
  const parsed = parseParts(scanner, () => undefined);
  if (Object.keys(parsed.moment).length > 0) return parsed;
  throw scanner.wrongHere("healed, or a moment that begins with on, when or after,");
}

type Parts = { -readonly [part in keyof Moment]: Moment[part] };

/**
 * The parts in the order in which they are waited for. `time` reads how a moment says its time where nothing stands
 * before it.
 */
function parseParts(scanner: Scanner, time: (into: Parts) => void, only: readonly string[] = []): ParsedMoment {
  const into: Parts = {};
  const named: Word[] = [];
  const may = (part: string): boolean => only.length === 0 || only.includes(part);
  if (may("after") && scanner.takeKeyword("after")) {
    const fault = nameOfFault(scanner, named);
    into.after = { fault, stage: oneOf(scanner, "stage", STAGES) };
  }
  if (may("on") && scanner.takeKeyword("on")) into.on = parseEvent(scanner);
  if (scanner.takeKeyword("when")) whenever(scanner, into, named);
  const begun = into.after !== undefined || into.on !== undefined;
  if (into.at !== undefined) return { moment: ordered(into), named };
  if (begun && scanner.take("+")) into.afterMs = scanner.duration();
  else if (!begun) time(into);
  if ((begun || into.afterMs !== undefined) && scanner.takeKeyword("when")) {
    const offset = scanner.offset;
    const before = into.on;
    whenever(scanner, into, named);
    if (into.on !== before) throw scanner.error("what is seen in the run comes before the time, not after it", offset);
  }
  return { moment: ordered(into), named };
}

/** `n2 becomes primary`, `w3 counts 4s`, or `w1 reaches critical-section #2`. */
function whenever(scanner: Scanner, into: Parts, named: Word[]): void {
  const name = scanner.name("the name of a worker or node");
  if (scanner.takeKeyword("becomes")) {
    if (!scanner.takeKeyword("primary")) throw scanner.wrongHere(`"primary"`);
    see(scanner, into, { primary: name });
    return;
  }
  if (scanner.takeKeyword("counts")) {
    see(scanner, into, { clock: name, passesMs: scanner.duration() });
    return;
  }
  if (!scanner.takeKeyword("reaches")) throw scanner.wrongHere(`"reaches", "becomes primary" or "counts"`);
  into.at = parseBarrier(scanner, name, named);
}

function see(scanner: Scanner, into: Parts, sighting: Sighting): void {
  if (into.on !== undefined)
    throw scanner.error("a moment waits for one thing that is seen in the run, not for two", scanner.offset);
  into.on = sighting;
}

function parseBarrier(scanner: Scanner, worker: string, named: Word[]): Barrier {
  const point = scanner.name("the name of a barrier");
  const occurrence = scanner.occurrence();
  const barrier: { -readonly [part in keyof Barrier]: Barrier[part] } = {
    worker,
    point,
    ...(occurrence === undefined ? {} : { occurrence }),
  };
  while (scanner.takeKeyword("holding")) {
    if (!scanner.takeKeyword("until")) {
      barrier.holdMs = scanner.duration();
      continue;
    }
    barrier.holdUntilHealed = nameOfFault(scanner, named);
    if (!scanner.takeKeyword("healed")) throw scanner.wrongHere(`"healed"`);
  }
  return barrier;
}

/** `[TYPE] F [by WORKER] [from NODE] [#N]`. */
function parseEvent(scanner: Scanner): EventSighting {
  const type = scanner.isKeyword(...EVENT_TYPES) ? (scanner.name("a type") as EventType) : undefined;
  const event = scanner.name("the name of an operation");
  const worker = scanner.takeKeyword("by") ? scanner.name("the name of a worker") : undefined;
  const node = scanner.takeKeyword("from") ? scanner.name("the name of a node") : undefined;
  const occurrence = scanner.occurrence();
  return {
    event,
    ...(type === undefined ? {} : { type }),
    ...(worker === undefined ? {} : { worker }),
    ...(node === undefined ? {} : { node }),
    ...(occurrence === undefined ? {} : { occurrence }),
  };
}

function nameOfFault(scanner: Scanner, named: Word[]): string {
  const word = scanner.takeWord();
  if (word === undefined) throw scanner.wrongHere("the name of another fault");
  named.push(word);
  return word.text;
}

function oneOf<T extends string>(scanner: Scanner, what: string, allowed: readonly T[]): T {
  const word = scanner.takeWord();
  if (word === undefined) throw scanner.wrongHere(allowed.join(" or "));
  const found = allowed.find((each) => each === word.text);
  if (found === undefined) throw scanner.unknown(what, word, allowed);
  return found;
}

/** In the order in which plans are written. */
function ordered({ after, on, afterMs, at }: Parts): Moment {
  return {
    ...(after === undefined ? {} : { after }),
    ...(on === undefined ? {} : { on }),
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(at === undefined ? {} : { at }),
  };
}
