/**
 * Several registers that a transaction reads and writes at once: `txn` with `[["r", key, null], ["w", key, value], …]`,
 * whose completion has the values that were read. Keys that no transaction connects are judged apart.
 */
import type { Json } from "../../../history/operation.ts";
import { jsonIdentity, sameJson } from "../../kit/same-json.ts";
import { illegal } from "../model.ts";
import type { Model, Step } from "../model.ts";
import { Observations, UNSEEN } from "./observations.ts";

type MicroOp = readonly [f: string, key: Json, value: Json];
/** Values by the JSON text of their keys; a missing one is null. */
type State = { readonly [key: string]: Json };

const READS: readonly Json[] = ["r", "read"];
const WRITES: readonly Json[] = ["w", "write"];

function isTransaction(value: Json): value is readonly MicroOp[] {
  return (
    Array.isArray(value) &&
    value.every(
      (each: Json) => Array.isArray(each) && each.length === 3 && [...READS, ...WRITES].includes(each[0] as Json),
    )
  );
}

function microOps({ input, output }: Step): readonly MicroOp[] {
  return (output ?? input) as unknown as readonly MicroOp[];
}

function shapeOf(transaction: readonly MicroOp[]): Json {
  return transaction.map(([f, key, value]) => (READS.includes(f) ? ["r", key] : ["w", key, value]));
}

export const multiRegister: Model<State> = {
  name: "multi-register",
  operations: ["txn"],
  initial(init = null) {
    if (init === null) return {};
    if (typeof init !== "object" || Array.isArray(init))
      throw new TypeError(`multi-register begins with an object of keys and values, not with ${JSON.stringify(init)}`);
    return Object.fromEntries(Object.entries(init).map(([key, value]) => [JSON.stringify(key), value]));
  },
  step(state, step) {
    let after = state;
    for (const [f, key, value] of microOps(step)) {
      const name = jsonIdentity(key);
      const held = after[name] ?? null;
      if (WRITES.includes(f)) after = { ...after, [name]: value };
      else if (step.output !== undefined && !sameJson(held, value))
        return illegal(`${JSON.stringify(key)} holds ${JSON.stringify(held)}, not ${JSON.stringify(value)}`);
    }
    return after;
  },
  identity: (state) => jsonIdentity(Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null))),
  misuse({ input, output }) {
    if (!isTransaction(input))
      return `a txn takes [["r", key, null], ["w", key, value], …], and this is ${JSON.stringify(input)}`;
    if (output === undefined) return undefined;
    if (!isTransaction(output) || !sameJson(shapeOf(input), shapeOf(output)))
      return `a txn that is ok answers its own reads and writes, with the values that were read, and this is ${JSON.stringify(output)}`;
    return undefined;
  },
  keys: (step) => microOps(step).map(([, key]) => key),
  canonical: (step) => ({
    ...step,
    input: step.output ?? step.input,
    output: step.output === undefined ? undefined : null,
  }),
  isRead: (step) => microOps(step).every(([f]) => READS.includes(f)),
  lastObservation(operations) {
    const seen = new Observations();
    for (const { step, ret } of operations) {
      if (step.output === undefined) continue;
      for (const [f, key, value] of microOps(step)) if (READS.includes(f)) seen.note([key, value], ret);
    }
    return (step) =>
      microOps(step).reduce(
        (latest, [f, key, value]) => (WRITES.includes(f) ? Math.max(latest, seen.latest([key, value])) : latest),
        UNSEEN,
      );
  },
};
