/** Seeded randomness for what a fault decides by itself: the same seed gives the same decisions. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Draws whole numbers from `low` to `high`, both included. */
export type Draw = (low: number, high: number) => number;

export function drawFrom(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  return (low, high) => uniformInt(generator, low, high);
}

/** The items in another order, every order as likely as any other (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], draw: Draw): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(draw(0, left.length - 1), 1));
}
