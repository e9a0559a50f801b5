/** A seeded rhythm of closing and opening: when is decided before it starts, and again by the same seed. */
import { seededRandom } from "../history/random.ts";

export interface RhythmOptions {
  readonly seed: number;
  /** Shortest and longest, in milliseconds. */
  readonly closedMs: readonly [number, number];
  readonly openMs: readonly [number, number];
}

export interface Beat {
  readonly closedMs: number;
  readonly openMs: number;
}

/** Without end: first closed, then open, then the next beat. */
export function* rhythm({ seed, closedMs, openMs }: RhythmOptions): Generator<Beat, never> {
  const random = seededRandom(seed);
  for (;;) yield { closedMs: random.integer(...closedMs), openMs: random.integer(...openMs) };
}

/** The first beats. */
export function firstBeats(options: RhythmOptions, count: number): Beat[] {
  const beats = rhythm(options);
  return Array.from({ length: count }, () => beats.next().value);
}
