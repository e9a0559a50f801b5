/** Which seeds there are, and one for those who name none. */
import { randomInt } from "node:crypto";
import { UsageError } from "../../machine/usage-error.ts";

/** Seeds above this would not all be different: the generator's seed has 32 bits. */
export const LARGEST_SEED = 2 ** 32 - 1;

/** Fresh seeds are drawn below this: short enough to be read out. */
const FRESH_SEEDS = 2 ** 31;

export function freshSeed(): number {
  return randomInt(FRESH_SEEDS);
}

/** As many as `--repeat` says, from `--seed` on. @throws UsageError when there are not so many. */
export function seedsFrom(first: number, repeat: number): readonly number[] {
  if (first + repeat - 1 > LARGEST_SEED) {
    throw new UsageError(
      `--repeat ${repeat} from --seed ${first} goes beyond the largest seed, ${LARGEST_SEED}: use a smaller seed`,
    );
  }
  return Array.from({ length: repeat }, (_, i) => first + i);
}

/** @param wasDrawn whether the user named none */
export function seedsInWords(seeds: readonly number[], wasDrawn: boolean): string {
  const [first, last] = [seeds[0], seeds.at(-1)];
  const range = first === last ? `seed ${first}` : `seeds ${first} to ${last}`;
  return wasDrawn ? `${range}, drawn for this call; --seed ${first} repeats it` : range;
}
