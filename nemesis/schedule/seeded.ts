/**
 * Schedules that are drawn from a seed: which kind comes when, for how long, and how many at a time. Pure: the same
 * randomness gives the same faults.
 */
import type { FaultPlan, Moment } from "../../history/plan.ts";
import type { Random } from "../../history/random.ts";
import type { FaultOptions } from "../fault.ts";

/** A kind of fault, with all that must be decided before it can be planned. */
export interface ScheduledKind {
  /** Unique in a schedule; its faults are called `NAME-1`, `NAME-2` … */
  readonly name: string;
  readonly kind: string;
  /** Drawn anew for each fault. */
  readonly options: (random: Random) => FaultOptions;
  /** How often it comes, compared with the others: a whole number from 1. */
  readonly weight: number;
  /** Shortest and longest, in milliseconds. */
  readonly durationMs: readonly [number, number];
  /**
   * What it disturbs, such as `servers`. Faults of one lane never overlap: the next waits until the one before it has
   * healed, however slow the machine is. Where two act on the same thing, neither probe could tell what it sees.
   */
  readonly lane: string;
}

export interface SeededOptions {
  readonly kinds: readonly ScheduledKind[];
  /**
   * From the start of one fault to the start of the next, on average, in milliseconds. Each gap is drawn evenly between
   * nothing and twice that.
   */
  readonly meanGapMs: number;
  /** How many may act at the same time. */
  readonly atMost: number;
  /** All starts and ends are planned within the load's first three quarters. */
  readonly loadMs: number;
  readonly random: Random;
}

/**
 * So much of the load comes after the last fault. What nobody got on with after a fault is not shown, and clients need
 * time for it: a lock whose holder was struck lives on for its time to live, and faults are late on a busy machine.
 */
const QUIET_SHARE = 0.25;

/** A fault in the making: the plan, and the times that it is to start and end if the machine keeps up. */
interface Planned {
  readonly fault: FaultPlan;
  readonly lane: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The faults in the order of their starts; none when not even the shortest fits.
 * @throws RangeError when a number or a kind makes no sense.
 */
export function seededSchedule(options: SeededOptions): FaultPlan[] {
  checkOptions(options);
  const { kinds, meanGapMs, atMost, loadMs, random } = options;
  const planned: Planned[] = [];
  const counts = new Map<string, number>();
  const untilMs = loadMs - Math.floor(QUIET_SHARE * loadMs);
  let time = 0;
  for (;;) {
    time += random.integer(1, Math.max(1, 2 * meanGapMs - 1));
    const chosen = weighted(kinds, random);
    time = freeAt(planned, chosen.lane, atMost, time);
    const [shortest, longest] = chosen.durationMs;
    const length = Math.min(random.integer(shortest, longest), untilMs - time);
    if (length < shortest) return planned.map(({ fault }) => fault);
    const count = (counts.get(chosen.name) ?? 0) + 1;
    counts.set(chosen.name, count);
    planned.push({
      fault: {
        id: `${chosen.name}-${count}`,
        kind: chosen.kind,
        options: chosen.options(random),
        start: startAt(planned, chosen.lane, time),
        end: { afterMs: length },
      },
      lane: chosen.lane,
      from: time,
      to: time + length,
    });
  }
}

/** The first moment from `time` on at which the lane is free and there is room for one more. */
function freeAt(planned: readonly Planned[], lane: string, atMost: number, time: number): number {
  let free = time;
  for (;;) {
    const active = planned.filter(({ to }) => to >= free);
    const inLane = active.filter((each) => each.lane === lane);
    if (inLane.length === 0 && active.length < atMost) return free;
    free = Math.min(...(inLane.length === 0 ? active : inLane).map(({ to }) => to)) + 1;
  }
}

/** In a lane, counted from the end of the fault before; else from the start of the load. */
function startAt(planned: readonly Planned[], lane: string, time: number): Moment {
  const before = planned.findLast((each) => each.lane === lane);
  if (before === undefined) return { afterMs: time };
  return { after: { fault: before.fault.id, stage: "healed" }, afterMs: time - before.to };
}

function weighted(kinds: readonly ScheduledKind[], random: Random): ScheduledKind {
  let left = random.integer(
    1,
    kinds.reduce((sum, { weight }) => sum + weight, 0),
  );
  const chosen = kinds.find(({ weight }) => (left -= weight) <= 0);
  if (chosen === undefined) throw new RangeError("there is no kind of fault to draw from");
  return chosen;
}

function checkOptions({ kinds, meanGapMs, atMost, loadMs }: SeededOptions): void {
  if (kinds.length === 0) throw new RangeError("a seeded schedule needs at least one kind of fault");
  const names = new Set(kinds.map(({ name }) => name));
  if (names.size < kinds.length) throw new RangeError("the kinds of a seeded schedule need different names");
  wholeFrom(1, "meanGapMs", meanGapMs);
  wholeFrom(1, "atMost", atMost);
  wholeFrom(1, "loadMs", loadMs);
  for (const { name, weight, durationMs } of kinds) {
    wholeFrom(1, `the weight of ${name}`, weight);
    wholeFrom(1, `the shortest duration of ${name}`, durationMs[0]);
    wholeFrom(durationMs[0], `the longest duration of ${name}`, durationMs[1]);
  }
}

function wholeFrom(least: number, what: string, value: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`${what} must be a whole number from ${least} on, not ${value}`);
}
