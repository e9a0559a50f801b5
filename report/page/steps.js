/** Ways from one operation to another: along a lane, and to the neighbouring lane. */
/** @import { RunData } from "./model.js" */

/**
 * The next operation that the filter matches: of the same lane, or of any when none is pinned.
 * @param {RunData} run
 * @param {number | undefined} pinned
 * @param {1 | -1} direction
 * @param {Uint8Array | undefined} matches
 * @param {number} fromUs where the search begins when none is pinned
 * @returns {number | undefined}
 */
export function nextOperation({ operations }, pinned, direction, matches, fromUs) {
  const lane = pinned === undefined ? undefined : operations.lane[pinned];
  let i = pinned ?? operations.start.findIndex((start) => start >= fromUs) - 1;
  do i += direction;
  while (i >= 0 && i < operations.count && ((lane !== undefined && operations.lane[i] !== lane) || matches?.[i] === 0));
  return i >= 0 && i < operations.count ? i : undefined;
}

/**
 * The operation of the nearest lane with any that the filter matches: the one that starts nearest to the pinned one.
 * @param {RunData} run
 * @param {number} pinned
 * @param {1 | -1} direction
 * @param {Uint8Array | undefined} matches
 * @returns {number | undefined}
 */
export function operationInNextLane({ operations, model }, pinned, direction, matches) {
  const at = operations.start[pinned] ?? 0;
  for (
    let lane = (operations.lane[pinned] ?? 0) + direction;
    lane >= 0 && lane < model.lanes.length;
    lane += direction
  ) {
    /** @type {number | undefined} */
    let nearest;
    let distance = Infinity;
    for (let i = 0; i < operations.count; i += 1) {
      const apart = Math.abs((operations.start[i] ?? 0) - at);
      if (operations.lane[i] !== lane || apart >= distance || matches?.[i] === 0) continue;
      nearest = i;
      distance = apart;
    }
    if (nearest !== undefined) return nearest;
  }
  return undefined;
}
