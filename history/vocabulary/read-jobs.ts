/** Reading what the jobs workload records, beyond single fields. */
import type { HistoryEvent } from "../operation.ts";
import type { Fields } from "./read.ts";
import { isFields, listField, ValueError } from "./read.ts";

/** A side effect, or a job and whose result it has: undefined where it has none. */
export interface ListedRun {
  readonly message: string;
  readonly run: string | undefined;
}

/** What a final read of a queue has found. @throws ValueError */
export function listedRunsIn(event: HistoryEvent, f: "jobs" | "effects"): ListedRun[] {
  return listField(event, f).map((entry) => {
    const { message, run = null }: Fields = isFields(entry) ? entry : {};
    if (typeof message !== "string" || (run !== null && typeof run !== "string"))
      throw new ValueError(event, 'entries with a text "message", and a text or null "run"');
    return { message, run: run ?? undefined };
  });
}
