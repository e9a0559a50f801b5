/** Whether the operations of one object are linearizable, by the general search. */
import type { Limits } from "../limits.ts";
import type { Problem } from "./problem.ts";
import { search } from "./search.ts";
import type { SearchResult } from "./search.ts";

export interface Decision extends SearchResult {
  /** Whether operations with unknown outcomes were counted; an impasse can be found again only in the same way. */
  readonly unlimited: boolean;
}

/** @param maxSteps gives up after so many, in each of two searches; see `SearchResult.steps`, which is the sum. */
export function decide(problem: Problem, limits: Limits, maxSteps = Infinity): Decision {
  let before = 0;
  if (problem.unknown.count > 0) {
    const loose = search(problem, { limits, maxSteps, unlimited: true });
    if (loose.outcome === "illegal") return { ...loose, unlimited: true };
    before = loose.steps;
  }
  const exact = search(problem, { limits, maxSteps });
  return { ...exact, steps: before + exact.steps, unlimited: false };
}
