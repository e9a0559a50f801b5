/** A promise that is kept because nobody got anywhere is not shown to be kept. */
import type { History } from "../../history/history.ts";
import type { CheckResult, Checker } from "../checker.ts";
import { counted } from "./words.ts";

/** The checker, but vacuous where it would hold for a history in which no operation of a client succeeded. */
export function withSuccess(checker: Checker): Checker {
  return (history, options): CheckResult => {
    const result = checker(history, options);
    if (result.verdict !== "holds" || history.operations.some(({ completion }) => completion?.type === "ok"))
      return result;
    return { ...result, verdict: "vacuous", reason: nothingShown(history) };
  };
}

function nothingShown({ operations }: History): string {
  return operations.length === 0
    ? "There are no operations, so nothing was shown."
    : `None of the ${counted(operations.length, "operation")} is known to have succeeded, so nothing was shown.`;
}
