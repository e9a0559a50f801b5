/** What `redquake check --model` knows besides the checkers of claims: every checker of a whole history. */
import type { Analyzer } from "./analysis.ts";
import { ELLE } from "./elle/analyzers.ts";
import { INVARIANTS } from "./invariants/analyzers.ts";
import type { ConsistencyChecker } from "./kit/consistency-checker.ts";
import { analyzersOf } from "./kit/consistency-checker.ts";
import { LINEARIZABILITY } from "./linearizability/analyzers.ts";

export const WHOLE_HISTORY_CHECKERS: readonly ConsistencyChecker[] = [...LINEARIZABILITY, ...ELLE, ...INVARIANTS];

/** Their analyses by their names. */
export const MODELS: ReadonlyMap<string, Analyzer> = analyzersOf(WHOLE_HISTORY_CHECKERS);
