/**
 * Whole numbers below a limit, from a seed (xorshift32, by George Marsaglia): a bench must measure the same history
 * each time.
 */
export type Draw = (limit: number) => number;

export function drawFrom(seed: number): Draw {
  let state = seed | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
