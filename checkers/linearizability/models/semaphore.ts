/** A lock that several may hold at once; like that of `mutex`, anybody may release it. */
import { illegal } from "../model.ts";
import type { Model } from "../model.ts";
import { holdSweep } from "../special/hold-sweep.ts";
import { LOCK_OPERATIONS, noticedByAnybody, refuseInit, withoutValues } from "./lock-words.ts";

/** @param limit how many may hold it at once. @throws TypeError when that is no whole number from 1. */
export function semaphore(limit: number): Model<number> {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new TypeError(`the limit of a semaphore is a whole number from 1, not ${JSON.stringify(limit)}`);
  return {
    name: "semaphore",
    operations: LOCK_OPERATIONS,
    initial(init) {
      refuseInit("semaphore", init);
      return 0;
    },
    step(held, { f }) {
      if (f === "acquire") return held === limit ? illegal(`all ${limit} are taken`) : held + 1;
      return held > 0 ? held - 1 : illegal("nobody holds it");
    },
    identity: Number,
    canonical: withoutValues,
    lastObservation: noticedByAnybody,
    specialCases: [holdSweep(limit)],
    describe: (held) => `${held} of ${limit} taken`,
  };
}
