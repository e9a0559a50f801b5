/** Seeded randomness for toxicity, jitter and slices: the same seed gives every connection the same draws. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Uniform in [0, 1). */
export type RandomSource = () => number;

/**
 * A source of its own for every (proxy, connection, direction): what one connection draws does not depend on what the
 * others do, nor on the order in which the network served them.
 */
export function randomSource(seed: number, ...path: readonly (string | number)[]): RandomSource {
  const generator = xoroshiro128plus(hash(`${seed}/${path.join("/")}`));
  return () => uniformFloat64(generator);
}

/** A whole number in [from, to); `from` where the range is empty. */
export function uniformInteger(random: RandomSource, from: number, to: number): number {
  return to <= from ? from : from + Math.floor(random() * (to - from));
}

/** FNV-1a, 32 bits (Fowler, Noll, Vo; RFC 9923). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value;
}
