/** Redlock with a watchdog. */
import { redlock } from "./redlock.ts";
import { watchedLock } from "./watched.ts";

export const redlockWatched = watchedLock("redlock-watched", redlock);
