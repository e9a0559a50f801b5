/** Which seeds there are, and one for those who name none. */
import { randomInt } from "node:crypto";

/** Seeds above this would not all be different: the generator's seed has 32 bits. */
export const LARGEST_SEED = 2 ** 32 - 1;

/** Fresh seeds are drawn below this: short enough to be read out. */
const FRESH_SEEDS = 2 ** 31;

export function freshSeed(): number {
  return randomInt(FRESH_SEEDS);
}
