/** @returns the indexes of the keys, by rising keys; those of equal keys as they stand. At most four million keys. */
export function orderOf(keys: Int32Array): Int32Array {
  const count = keys.length;
  const order = new Int32Array(count);
  let sorted = true;
  for (let k = 1; k < count && sorted; k += 1) sorted = (keys[k - 1] ?? 0) <= (keys[k] ?? 0);
  if (sorted) return order.map((_, k) => k);
  // Key and index in one number, so that the engine sorts numbers and calls nobody.
  const pairs = new Float64Array(count);
  for (let k = 0; k < count; k += 1) pairs[k] = (keys[k] ?? 0) * count + k;
  pairs.sort();
  for (let k = 0; k < count; k += 1) {
    const rest = (pairs[k] ?? 0) % count;
    order[k] = rest < 0 ? rest + count : rest;
  }
  return order;
}

/** @param rising values, rising. @returns how many of them are below the limit. */
export function countBelow(rising: Int32Array, limit: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
