/**
 * Swarm testing: every seed has only some of the kinds of faults, with a strength of their own. With all of them in
 * every run the frequent ones would hide what only shows in their absence (Groce, Zhang, Eide, Chen, Regehr: Swarm
 * testing, ISSTA 2012, https://doi.org/10.1145/2338965.2336763).
 */
import type { Random } from "../../history/random.ts";
import type { Schedule } from "./schedule.ts";
import { seededSchedule } from "./seeded.ts";
import type { ScheduledKind } from "./seeded.ts";

export interface SwarmOptions {
  /** All that may be turned on. */
  readonly kinds: readonly ScheduledKind[];
  readonly loadMs: number;
  /** Drawn where it is not told. */
  readonly meanGapMs?: number;
  readonly random: Random;
}

/** How many faults a load has room for, on average. */
const FAULTS_PER_LOAD = [4, 8, 16] as const;
const MOST_AT_A_TIME = [1, 2, 3] as const;

/** Which part of a kind's durations is drawn from. */
const LENGTHS: Readonly<Record<string, (range: readonly [number, number]) => readonly [number, number]>> = {
  short: ([low, high]) => [low, Math.floor((low + high) / 2)],
  long: ([low, high]) => [Math.floor((low + high) / 2), high],
  mixed: (range) => range,
};

/**
 * Each kind is on or off with the same chance, and at least one is on; the description tells which, and how strong.
 * Pure.
 */
export function swarmSchedule({ kinds, loadMs, meanGapMs, random }: SwarmOptions): Schedule {
  const kept = kinds.filter(() => random.integer(0, 1) === 1);
  const on = kept.length > 0 ? kept : [random.pick(kinds)];
  const drawnGapMs = Math.max(1, Math.round(loadMs / random.pick(FAULTS_PER_LOAD)));
  const gap = meanGapMs ?? drawnGapMs;
  const atMost = random.pick(MOST_AT_A_TIME);
  const length = random.pick(Object.keys(LENGTHS));
  const faults = seededSchedule({
    kinds: on.map((kind) => ({ ...kind, durationMs: LENGTHS[length]?.(kind.durationMs) ?? kind.durationMs })),
    meanGapMs: gap,
    atMost,
    loadMs,
    random,
  });
  const names = on.map(({ name }) => name).join(", ");
  return {
    faults,
    description: `Swarm: ${on.length} of ${kinds.length} kinds of faults (${names}), one every ${gap} ms on average, ${length} ones, at most ${atMost} at a time.`,
  };
}
