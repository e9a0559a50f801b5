/**
 * Claims that something is still there in the end: while the system has not come back, what is missing may only be out
 * of reach.
 */
import { unsettledIn } from "../../history/nemesis-event.ts";
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";

/**
 * The same, but claims of these properties are `unknown` rather than broken when the system was not whole at the time
 * of the final reads.
 */
export function lossNeedsWholeSystem<Options extends { readonly property: string }>(
  check: (history: History, options: Options) => CheckResult,
  properties: readonly Options["property"][],
): (history: History, options: Options) => CheckResult {
  return (history, options) => {
    const result = check(history, options);
    if (result.verdict !== "broken" || !properties.includes(options.property)) return result;
    const unsettled = history.nemesis.map(unsettledIn).find((each) => each !== undefined);
    if (unsettled === undefined) return result;
    const reason = `What is missing may only be out of reach, as the run waited in vain for ${unsettled.waitedFor}. (The history by itself: ${result.reason})`;
    return { ...result, verdict: "unknown", reason, findings: [], count: 0 };
  };
}
