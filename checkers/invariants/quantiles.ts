/**
 * The smallest, the middle, and the largest of many: `{"0": …, "0.5": …, "0.95": …, "0.99": …, "1": …}`; empty for
 * none.
 */
const POINTS = [0, 0.5, 0.95, 0.99, 1];

export function quantiles(numbers: readonly number[]): { [point: string]: number } {
  const sorted = Float64Array.from(numbers).sort();
  if (sorted.length === 0) return {};
  return Object.fromEntries(
    POINTS.map((point) => [
      String(point),
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * point))] as number,
    ]),
  );
}
