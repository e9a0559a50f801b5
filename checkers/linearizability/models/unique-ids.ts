/** A source of identifiers: `generate` answers one that it has not answered before. */
import { jsonIdentity } from "../../kit/same-json.ts";
import { illegal } from "../model.ts";
import type { Model } from "../model.ts";
import { duplicateIds } from "../special/duplicate-ids.ts";
import { refuseInit } from "./lock-words.ts";
import { UNSEEN } from "./observations.ts";

/** The JSON texts of what was given out, sorted. */
type State = readonly string[];

export const uniqueIds: Model<State> = {
  name: "unique-ids",
  operations: ["generate"],
  initial(init) {
    refuseInit("unique-ids", init);
    return [];
  },
  step(given, { output }) {
    if (output === undefined) return given;
    const id = jsonIdentity(output);
    return given.includes(id) ? illegal(`${id} was given out before`) : [...given, id].toSorted();
  },
  identity: (given) => given.join(),
  canonical: (step) => ({
    ...step,
    input: null,
  }),
  // What was not given out stands in nobody's way.
  lastObservation: () => () => UNSEEN,
  specialCases: [duplicateIds],
};
