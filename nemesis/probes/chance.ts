/**
 * Whether a count of random events fits their probability. By the bound of Chernoff and Hoeffding, of n independent
 * events with probability p a share as far from p as q, or farther on that side, comes with a chance of at most exp(−n
 * · D), where D is the relative entropy of q to p (https://doi.org/10.1080/01621459.1963.10500830).
 */

/**
 * A count is out of bounds by a chance of less than 10⁻¹⁸ on either side. How many events there are when one looks may
 * depend on how they came out, so a bound must hold for each number that could have been: for a hundred thousand of
 * them together it is 2 · 10⁻¹³, and for a thousand counts of one probe 2 · 10⁻¹⁰.
 */
const DOUBT = -Math.log(1e-18);

/** Whether `count` of `of` events with this probability (between 0 and 1) is within the bounds. */
export function isPlausible(count: number, of: number, probability: number): boolean {
  if (of === 0) return true;
  return of * relativeEntropy(Math.min(count / of, 1), probability) <= DOUBT;
}

/** So many events are needed to tell such a probability from never and from always. */
export function eventsNeeded(probability: number): number {
  return Math.ceil(DOUBT / Math.min(relativeEntropy(0, probability), relativeEntropy(1, probability))) + 1;
}

function relativeEntropy(share: number, probability: number): number {
  const part = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(a / b));
  return part(share, probability) + part(1 - share, 1 - probability);
}
