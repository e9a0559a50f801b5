/**
 * Operations that a model cannot tell apart form a class; a search steps by classes, and holds which of their
 * operations were used.
 */
import { jsonIdentity } from "../../kit/same-json.ts";
import type { Entries } from "../entries.ts";
import type { Model, Step } from "../model.ts";
import { ABSENT, PairTable } from "../pair-table.ts";
import { stepOf } from "../prepare/prepare.ts";

export interface Classes {
  /** For each entry. */
  readonly of: Int32Array;
  /** For each class, what the model is asked. */
  readonly steps: readonly Step[];
  readonly isRead: readonly boolean[];
  /** See `Model.isTotal`; reads are not counted. */
  readonly isTotal: readonly boolean[];
  /** See `Model.overwrites`. */
  readonly overwrites: readonly boolean[];
}

export function classify(entries: Entries, model: Model<unknown>): Classes {
  const { columns, length, call, f, input, output } = entries;
  const { tape, process } = columns;
  const of = new Int32Array(length);
  const steps: Step[] = [];
  const isRead: boolean[] = [];
  const byText = new Map<string, number>();
  // Most operations are repetitions of others down to the word: those need neither objects nor texts.
  const asked = new PairTable();
  const answered = new PairTable();
  const whose = new PairTable();
  let pairs = 0;
  const seen = (table: PairTable, a: number, b: number): number => {
    const found = table.get(a, b);
    if (found !== ABSENT) return found;
    table.set(a, b, pairs);
    pairs += 1;
    return pairs - 1;
  };
  const classOfRaw = new Map<number, number>();
  for (let i = 0; i < length; i += 1) {
    const question = input[i] ?? 0;
    const answer = output[i] ?? -1;
    const plain = tape.isScalar(question) && (answer === -1 || tape.isScalar(answer));
    let raw = -1;
    if (plain) {
      raw = seen(asked, f[i] ?? 0, tape.word(question));
      raw = answer === -1 ? raw : seen(answered, raw, tape.word(answer));
      if (model.ownerAware === true) raw = seen(whose, raw, process[call[i] ?? 0] ?? 0);
      const known = classOfRaw.get(raw);
      if (known !== undefined) {
        of[i] = known;
        continue;
      }
    }
    const step = stepOf(columns, { call: call[i] ?? 0, input: question, output: answer });
    const anybody = model.ownerAware === true ? step : { ...step, process: 0 };
    const canonical = model.canonical?.(anybody) ?? anybody;
    const text = jsonIdentity([
      canonical.f,
      canonical.input,
      canonical.output === undefined ? [] : [canonical.output],
      canonical.process,
    ]);
    let number = byText.get(text);
    if (number === undefined) {
      number = steps.push(canonical) - 1;
      isRead.push(model.isRead?.(canonical) ?? false);
      byText.set(text, number);
    }
    if (plain) classOfRaw.set(raw, number);
    of[i] = number;
  }
  return {
    of,
    steps,
    isRead,
    isTotal: steps.map((step, kind) => isRead[kind] !== true && (model.isTotal?.(step) ?? false)),
    overwrites: steps.map((step, kind) => isRead[kind] !== true && (model.overwrites?.(step) ?? false)),
  };
}
