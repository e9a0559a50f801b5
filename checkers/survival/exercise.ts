/** What puts claims about data that must survive to the test. */
import { byProperty } from "../kit/exercise.ts";
import type { ExerciseOf } from "../kit/exercise.ts";

export function survives(write: "add" | "write"): ExerciseOf {
  return byProperty(
    {
      "refused-absent": { f: [write], end: "refused", until: "load" },
      "no-stale-read": { f: ["read"], end: "succeeded", until: "load" },
    },
    { f: [write], end: "succeeded", until: "load" },
  );
}
