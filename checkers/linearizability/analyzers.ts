/** Linearizability of each of the models that come with redquake, as analyzers by the models' names. */
import type { AnalysisOptions, Analyzer } from "../analysis.ts";
import { linearizable } from "./check.ts";
import { MODEL_MAKERS } from "./models/index.ts";
import { checkOptions } from "./options.ts";

export const LINEARIZABILITY_ANALYZERS: ReadonlyMap<string, Analyzer> = new Map(
  [...MODEL_MAKERS].map(([name, make]) => [
    name,
    (columns, options: AnalysisOptions) => {
      checkOptions(name, options);
      return linearizable(columns, make(options), options);
    },
  ]),
);
