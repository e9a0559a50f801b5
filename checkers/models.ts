/** What `redquake check --model` knows: every analysis of a whole history, by its name. */
import type { Analyzer } from "./analysis.ts";
import { ELLE_ANALYZERS } from "./elle/analyzers.ts";
import { INVARIANT_ANALYZERS } from "./invariants/analyzers.ts";
import { LINEARIZABILITY_ANALYZERS } from "./linearizability/analyzers.ts";

export const MODELS: ReadonlyMap<string, Analyzer> = new Map([
  ...LINEARIZABILITY_ANALYZERS,
  ...ELLE_ANALYZERS,
  ...INVARIANT_ANALYZERS,
]);
