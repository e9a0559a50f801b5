/** The checkers of this folder by their names. */
import type { Analyzer } from "../analysis.ts";
import { bank } from "./bank.ts";
import { longFork } from "./long-fork.ts";
import { monotonic } from "./monotonic.ts";
import { setFull } from "./set-full.ts";
import { staleReads } from "./stale-reads.ts";
import { stats } from "./stats.ts";
import { totalQueue } from "./total-queue.ts";

export const INVARIANT_ANALYZERS: ReadonlyMap<string, Analyzer> = new Map([
  ["set-full", setFull],
  ["total-queue", totalQueue],
  ["bank", bank],
  ["long-fork", longFork],
  ["monotonic", monotonic],
  ["stale-reads", staleReads],
  ["stats", stats],
]);
