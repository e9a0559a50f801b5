/** Reading the fields of events in columns, as `read.ts` reads those of objects: no object is made for any. */
import type { Columns } from "../columns/columns.ts";
import { eventAt } from "../columns/columns.ts";
import { ValueError } from "./read.ts";
import type { FlagName, NumberName, TextName } from "./vocabularies.ts";

/** Given an event. */
export type TextReader = (event: number) => number;

/** Gives the index, in the texts of the tape, of the field's text. @throws ValueError where the event has none. */
export function textReader(columns: Columns, name: TextName): TextReader {
  const find = optionalTextReader(columns, name);
  return (event) => {
    const text = find(event);
    if (text === -1) throw new ValueError(eventAt(columns, event), `a text "${name}"`);
    return text;
  };
}

/** The same, but -1 where the event has none. */
export function optionalTextReader({ tape, value }: Columns, name: TextName): TextReader {
  const word = tape.textWord(name);
  return (event) => {
    const at = tape.fieldOf(value[event] ?? 0, word);
    return at === -1 ? -1 : tape.textIndex(at);
  };
}

/** Gives the field's number; NaN where it is missing or null. @throws ValueError where it is something else. */
export function numberReader(columns: Columns, name: NumberName): (event: number) => number {
  const { tape, value } = columns;
  const word = tape.textWord(name);
  return (event) => {
    const at = tape.fieldOf(value[event] ?? 0, word);
    if (at === -1 || tape.isNull(at)) return NaN;
    if (!tape.isNumber(at)) throw new ValueError(eventAt(columns, event), `a number "${name}"`);
    return tape.number(at);
  };
}

/** Gives the field's flag. @throws ValueError where the event has none. */
export function flagReader(columns: Columns, name: FlagName): (event: number) => boolean {
  const { tape, value } = columns;
  const word = tape.textWord(name);
  return (event) => {
    const at = tape.fieldOf(value[event] ?? 0, word);
    const flag = at === -1 || !tape.isScalar(at) ? null : tape.scalar(tape.word(at));
    if (typeof flag !== "boolean") throw new ValueError(eventAt(columns, event), `a flag "${name}"`);
    return flag;
  };
}
