/** Linearizability by each of the models that come with redquake. */
import type { ConsistencyChecker } from "../kit/consistency-checker.ts";
import { analyzersOf, consistencyChecker } from "../kit/consistency-checker.ts";
import { linearizable } from "./check.ts";
import type { PlainModelName } from "./models/index.ts";
import { PLAIN_MODELS } from "./models/index.ts";
import { semaphore } from "./models/semaphore.ts";
import { PLAIN_OPTIONS, SEMAPHORE_OPTIONS } from "./options.ts";

const plain = PLAIN_MODELS.map(([name, model]): ConsistencyChecker<PlainModelName, typeof PLAIN_OPTIONS> =>
  consistencyChecker({
    name,
    options: PLAIN_OPTIONS,
    analyze: (columns, options) => linearizable(columns, model, options),
  }),
);

export const LINEARIZABILITY = [
  ...plain,
  consistencyChecker({
    name: "semaphore",
    options: SEMAPHORE_OPTIONS,
    analyze: (columns, options) => linearizable(columns, semaphore(options.limit), options),
  }),
];

export const LINEARIZABILITY_ANALYZERS = analyzersOf(LINEARIZABILITY);
