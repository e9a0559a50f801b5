/** A promise that is kept because nobody got anywhere is not shown to be kept. */
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";
import { counted } from "./words.ts";

/** The result, but vacuous where it would hold for a history in which no operation of a client succeeded. */
export function shownBySuccess(history: History, result: CheckResult): CheckResult {
  if (result.verdict !== "holds" || history.succeeded) return result;
  return { ...result, verdict: "vacuous", reason: nothingShown(history) };
}

function nothingShown({ operations }: History): string {
  return operations.length === 0
    ? "There are no operations, so nothing was shown."
    : `None of the ${counted(operations.length, "operation")} is known to have succeeded, so nothing was shown.`;
}
