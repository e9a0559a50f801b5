import { fenced } from "../locks/fenced.ts";
import type { Specimen } from "./specimen.ts";

/** The replica that is promoted may not have heard of the last tokens, and gives them again. */
export const tokenReplicated: Specimen = {
  flaw: "its fencing tokens come from a counter that is replicated after the grant",
  lock: { ...fenced, name: "token-replicated", systems: ["sentinel"] },
};
