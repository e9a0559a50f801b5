/** Seeds for those who name none. */
import { randomInt } from "node:crypto";

/** Seeds are drawn below this: short enough to be read out. */
const FRESH_SEEDS = 2 ** 31;

export function freshSeed(): number {
  return randomInt(FRESH_SEEDS);
}
