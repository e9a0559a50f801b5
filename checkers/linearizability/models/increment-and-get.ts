/** A counter as Redis' INCR has it: `increment` adds one and answers the sum, and `read` answers it. */
import { illegal } from "../model.ts";
import type { Model } from "../model.ts";
import { incrementOrder } from "../special/increment-order.ts";
import { UNSEEN } from "./observations.ts";

export const incrementAndGet: Model<number> = {
  name: "increment-and-get",
  operations: ["increment", "read"],
  initial(init = null) {
    if (init !== null && !Number.isSafeInteger(init))
      throw new TypeError(`increment-and-get begins with a whole number, not with ${JSON.stringify(init)}`);
    return Number(init ?? 0);
  },
  step(sum, { f, output }) {
    const after = f === "increment" ? sum + 1 : sum;
    return output === undefined || output === after ? after : illegal(`it stands at ${sum}`);
  },
  identity: Number,
  misuse({ f, output }) {
    if (output === undefined || typeof output === "number") return undefined;
    return `${f} answers a number, and this is ${JSON.stringify(output)}`;
  },
  canonical: (step) => ({ ...step, input: null }),
  isRead: ({ f }) => f === "read",
  lastObservation(operations) {
    const latest = operations.reduce(
      (most, { step, ret }) => (step.output === undefined ? most : Math.max(most, ret)),
      UNSEEN,
    );
    return ({ f }) => (f === "increment" ? latest : UNSEEN);
  },
  specialCases: [incrementOrder],
};
