/**
 * A counter: `add` takes a number, which may be negative, and `read` answers the sum. What `add` answers is not looked
 * at.
 */
import { illegal } from "../model.ts";
import type { Model } from "../model.ts";
import { counterBounds } from "../special/counter-bounds.ts";
import { equalAdds } from "../special/equal-adds.ts";
import { UNSEEN } from "./observations.ts";

export const counter: Model<number> = {
  name: "counter",
  operations: ["add", "read"],
  initial(init = null) {
    if (init !== null && typeof init !== "number")
      throw new TypeError(`a counter begins with a number, not with ${JSON.stringify(init)}`);
    return init ?? 0;
  },
  step(sum, { f, input, output }) {
    if (f === "add") return sum + Number(input);
    return output === undefined || output === sum ? sum : illegal(`it stands at ${sum}`);
  },
  identity: Number,
  misuse({ f, input, output }) {
    if (f === "add" && typeof input !== "number") return `add takes a number, and this is ${JSON.stringify(input)}`;
    if (f === "read" && output !== undefined && typeof output !== "number")
      return `a read of a counter answers a number, and this is ${JSON.stringify(output)}`;
    return undefined;
  },
  canonical: (step) => (step.f === "read" ? { ...step, input: null } : { ...step, output: undefined }),
  isRead: ({ f, input }) => f === "read" || input === 0,
  lastObservation(operations) {
    const latest = operations.reduce((most, { step, ret }) => (step.f === "read" ? Math.max(most, ret) : most), UNSEEN);
    return ({ f }) => (f === "add" ? latest : UNSEEN);
  },
  specialCases: [equalAdds, counterBounds],
  growth: {
    resets: ({ f, input }) => f === "add" && Number(input) < 0,
    canReach: (sum, { f, output }) => f !== "read" || output === undefined || Number(output) >= sum,
  },
};
