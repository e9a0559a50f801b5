/**
 * Position of the first of `count` rising values that is not below `least`; `count` when there is none.
 * @param {number} count
 * @param {(i: number) => number} valueAt
 * @param {number} least
 */
export function firstNotBelow(count, valueAt, least) {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueAt(middle) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
