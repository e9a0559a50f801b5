/** Seeded randomness, for plans and for whatever a run decides by itself: the same seed gives the same stream. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface Random {
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** @throws RangeError when there is nothing to pick. */
  pick<T>(items: readonly T[]): T;
  /** The items in another order, every order as likely as any other (Fisher and Yates). */
  shuffled<T>(items: readonly T[]): T[];
}

/**
 * The first numbers of the generator hardly depend on its seed; from here on those of neighbouring seeds have nothing
 * in common.
 */
const SKIPPED = 16;

export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  for (let i = 0; i < SKIPPED; i += 1) generator.next();
  const integer = (low: number, high: number): number => uniformInt(generator, low, high);
  return {
    integer,
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new RangeError("cannot pick from an empty list");
      return items[integer(0, items.length - 1)] as T;
    },
    shuffled: <T>(items: readonly T[]): T[] => {
      const left = [...items];
      return items.flatMap(() => left.splice(integer(0, left.length - 1), 1));
    },
  };
}
