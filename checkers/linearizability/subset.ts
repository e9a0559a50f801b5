/** Some of the operations of an object, as an object of their own. */
import { NO_PARTNER } from "../../history/columns/columns.ts";
import type { Entries } from "./entries.ts";

/** @param kept indexes of entries, rising. */
export function subsetOf(entries: Entries, kept: readonly number[]): Entries {
  const pick = (column: Int32Array): Int32Array => Int32Array.from(kept, (i) => column[i] ?? 0);
  return {
    columns: entries.columns,
    length: kept.length,
    call: pick(entries.call),
    ret: pick(entries.ret),
    f: Uint16Array.from(kept, (i) => entries.f[i] ?? 0),
    input: pick(entries.input),
    output: pick(entries.output),
    failed: entries.failed,
  };
}

/** The events of all operations of the object, rising: invocations with their completions. */
export function eventsOf({ columns, length, call }: Entries): number[] {
  const events: number[] = [];
  for (let i = 0; i < length; i += 1) {
    const invoke = call[i] ?? 0;
    const end = columns.partner[invoke] ?? NO_PARTNER;
    events.push(invoke);
    if (end !== NO_PARTNER) events.push(end);
  }
  return events.sort((a, b) => a - b);
}
