/** A history in columns that several threads read at once, without a copy for each. */
import type { Columns, Detail } from "./columns.ts";
import { DETAILS } from "./columns.ts";
import { Tape } from "./tape.ts";
import type { TapeParts } from "./tape.ts";

/** Survives `postMessage`: typed arrays on shared memory, and lists. */
export interface SharedColumns extends Omit<Columns, "tape"> {
  readonly tape: TapeParts;
}

export function shareColumns(columns: Columns): SharedColumns {
  const { length, names, tape, line, processNames } = columns;
  const details: { [name in Detail]?: Int32Array } = {};
  for (const name of DETAILS) {
    const column = columns.details?.[name];
    if (column !== undefined) details[name] = int32s(column, length);
  }
  return {
    length,
    names,
    time: float64s(columns.time, length),
    process: int32s(columns.process, length),
    type: uint8s(columns.type, length),
    f: uint16s(columns.f, length),
    value: int32s(columns.value, length),
    partner: int32s(columns.partner, length),
    tape: { words: int32s(tape.words, tape.length), length: tape.length, numbers: tape.numbers, texts: tape.texts },
    details,
    ...(line === undefined ? {} : { line: int32s(line, length) }),
    ...(processNames === undefined ? {} : { processNames }),
  };
}

/** In the other thread. */
export function receiveColumns({ tape, ...columns }: SharedColumns): Columns {
  return { ...columns, tape: Tape.of(tape) };
}

function int32s(from: Int32Array, length: number): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
  shared.set(from.subarray(0, length));
  return shared;
}

function float64s(from: Float64Array, length: number): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
  shared.set(from.subarray(0, length));
  return shared;
}

function uint16s(from: Uint16Array, length: number): Uint16Array {
  const shared = new Uint16Array(new SharedArrayBuffer(length * Uint16Array.BYTES_PER_ELEMENT));
  shared.set(from.subarray(0, length));
  return shared;
}

function uint8s(from: Uint8Array, length: number): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(length));
  shared.set(from.subarray(0, length));
  return shared;
}
