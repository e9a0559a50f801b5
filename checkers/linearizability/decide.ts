/** Whether the operations of one object are linearizable, by the general search. */
import type { Limits } from "./limits.ts";
import type { Problem } from "./problem.ts";
import { search } from "./search.ts";
import type { SearchResult } from "./search.ts";

export interface Decision extends SearchResult {
  /** Whether operations with unknown outcomes were counted; an impasse can be found again only in the same way. */
  readonly unlimited: boolean;
}

/** @param maxConfigurations gives up after so many. */
export function decide(problem: Problem, limits: Limits, maxConfigurations = Infinity): Decision {
  if (problem.unknown.count > 0) {
    const loose = search(problem, { limits, maxConfigurations, unlimited: true });
    if (loose.outcome === "illegal") return { ...loose, unlimited: true };
  }
  return { ...search(problem, { limits, maxConfigurations }), unlimited: false };
}
