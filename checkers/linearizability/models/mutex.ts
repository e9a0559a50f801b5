/** A lock that knows only whether it is held: anybody may release it. */
import { illegal } from "../model.ts";
import type { Model } from "../model.ts";
import { holdSweep } from "../special/hold-sweep.ts";
import { LOCK_OPERATIONS, noticedByAnybody, refuseInit, withoutValues } from "./lock-words.ts";

export const mutex: Model<boolean> = {
  name: "mutex",
  operations: LOCK_OPERATIONS,
  initial(init) {
    refuseInit("mutex", init);
    return false;
  },
  step(held, { f }) {
    if (f === "acquire") return held ? illegal("it is held") : true;
    return held ? false : illegal("it is free");
  },
  identity: Number,
  canonical: withoutValues,
  lastObservation: noticedByAnybody,
  specialCases: [holdSweep(1)],
  describe: (held) => (held ? "held" : "free"),
};
