/** Answers that only a failed operation explains. */
import type { Entries } from "../entries.ts";
import type { Model } from "../model.ts";
import { stepAt } from "./operation-words.ts";
import { stepOf } from "../prepare/prepare.ts";

/** A value that only a failed operation can have brought is worth a word: the failure was then reported too early. */
export function failedSource(entries: Entries, stuck: number, model: Model<unknown>): string {
  const { columns, failed } = entries;
  const last = model.lastObservation?.([{ step: stepAt(entries, stuck), ret: Infinity }]);
  const source = [...failed].find((call) => {
    const step = stepOf(columns, { call, input: columns.value[call] ?? 0, output: -1 });
    return last !== undefined && columns.tape.isScalar(columns.value[call] ?? 0) && last(step) >= 0;
  });
  return source === undefined ? "" : ` An operation that is said to have failed (event ${source}) would explain it.`;
}
