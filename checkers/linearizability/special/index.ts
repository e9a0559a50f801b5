/** The special cases of each model, in the order in which they are tried; what none of them decides is searched. */
import type { SpecialCase } from "./special-case.ts";

export const SPECIAL_CASES: ReadonlyMap<string, readonly SpecialCase[]> = new Map<string, readonly SpecialCase[]>();
