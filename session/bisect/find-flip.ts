/** Finds where something changes, by halves. */

/** Two neighbours that differ. */
export interface Flip {
  readonly before: string;
  readonly after: string;
}

/**
 * Looks at the first and the last, and then always at the one in the middle of what is left: each is looked at once at
 * most. Where something changes back and forth, one of the changes is found.
 * @param candidates in order, at least one
 * @returns undefined when the first and the last are alike.
 */
export async function findFlip(
  candidates: readonly string[],
  look: (candidate: string) => Promise<string>,
): Promise<Flip | undefined> {
  let [low, high] = [0, candidates.length - 1];
  const at = (i: number): string => candidates[i] ?? "";
  const first = await look(at(low));
  if (high === low || first === (await look(at(high)))) return undefined;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((await look(at(middle))) === first) low = middle;
    else high = middle;
  }
  return { before: at(low), after: at(high) };
}
