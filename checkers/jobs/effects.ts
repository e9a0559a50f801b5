/** Jobs whose side effect was made more than once. */
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";
import { messageEffects } from "../delivery/effects.ts";

/** See `messageEffects`: every time that a worker begins with a job is a run. */
export function jobEffects(history: History, minEffects: number): CheckResult {
  return messageEffects(history, minEffects, { noun: "job", time: "run", times: "runs" });
}
