/** What `--model` may name: every checker of a whole history, and every checker of claims. */
import type { Checker } from "../../checkers/checker.ts";
import { WHOLE_HISTORY_CHECKERS } from "../../checkers/models.ts";
import { CHECKERS } from "../../checkers/registry.ts";
import { didYouMean } from "../../history/suggest.ts";
import { UsageError } from "../../machine/usage-error.ts";

const MODELS: ReadonlyMap<string, Checker> = new Map(
  [...WHOLE_HISTORY_CHECKERS, ...CHECKERS.values()].map((checker) => [checker.name, checker]),
);

/** Every name that `--model` may have. Models of whole histories come first. */
export function modelNames(): string[] {
  return [...MODELS.keys()];
}

export function modelNamed(name: string): Checker | undefined {
  return MODELS.get(name);
}

/** @throws UsageError that names the models that there are. */
export function requireModel(name: string): void {
  if (MODELS.has(name)) return;
  const names = modelNames();
  throw new UsageError(
    `there is no model ${JSON.stringify(name)}${didYouMean(name, names)}; --model is one of ${names.join(", ")}`,
  );
}
