/** The checkers of this folder. */
import { analyzersOf } from "../kit/consistency-checker.ts";
import { bank } from "./bank.ts";
import { longFork } from "./long-fork.ts";
import { monotonic } from "./monotonic.ts";
import { setFull } from "./set-full.ts";
import { staleReads } from "./stale-reads.ts";
import { stats } from "./stats.ts";
import { totalQueue } from "./total-queue.ts";

export const INVARIANTS = [setFull, totalQueue, bank, longFork, monotonic, staleReads, stats];

export const INVARIANT_ANALYZERS = analyzersOf(INVARIANTS);
