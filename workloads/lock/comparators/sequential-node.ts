/**
 * The names of ZooKeeper's sequential nodes: `<prefix><ten digits>`, by whose digits they are ordered, whatever their
 * prefixes.
 */

const DIGITS = 10;

/** In the order in which they were made. */
export function inSequence(names: readonly string[]): string[] {
  return names.toSorted((a, b) => Number(a.slice(-DIGITS)) - Number(b.slice(-DIGITS)));
}
