/**
 * JSON values in typed arrays. A value is a run of 32-bit words, and its position is its handle; scalars are one word,
 * and two scalars are equal exactly when their words are. So a checker can compare, count and look up values of
 * millions of events without an object for any.
 *
 * The low three bits of a word say what it is, the others hold its payload: a constant (null, false, true), a whole
 * number of up to 29 bits, an index into `numbers` (any other number) or `texts`, or the count of an array's items or
 * an object's fields. An array or object has a second word, the position after its end, and then its items, or its
 * fields: the word of the name's text, then the value.
 */
import type { Json } from "../operation.ts";
import { TextTable } from "./text-table.ts";

const TAG_BITS = 3;
const TAG_MASK = 0b111;
const CONSTANT = 0;
const INTEGER = 1;
const NUMBER = 2;
const TEXT = 3;
const ARRAY = 4;
const OBJECT = 5;

const CONSTANTS: readonly (null | boolean)[] = [null, false, true];
const LARGEST_INTEGER = 2 ** 28 - 1;

/** The word of `null`, which is also that of a value that is missing. */
export const NULL_WORD = CONSTANT;
export const FALSE_WORD = (1 << TAG_BITS) | CONSTANT;
export const TRUE_WORD = (2 << TAG_BITS) | CONSTANT;

/** An array or object that is being appended. */
interface Opened {
  readonly at: number;
  readonly names: readonly string[] | undefined;
  readonly items: readonly Json[];
  done: number;
}

/** An array or object that is being read. */
interface Reading {
  left: number;
  readonly names: string[] | undefined;
  readonly items: Json[];
}

function assembled({ names, items }: Reading): Json {
  return names === undefined ? items : Object.fromEntries(names.map((name, i) => [name, items[i] ?? null]));
}

/** What a tape consists of. */
export interface TapeParts {
  readonly words: Int32Array;
  readonly length: number;
  readonly numbers: readonly number[];
  readonly texts: readonly string[];
}

export class Tape implements TapeParts {
  /** As many words as are used, and room for more. */
  words: Int32Array;
  /** How many words are used. */
  length = 0;
  readonly numbers: number[] = [];
  readonly texts: readonly string[];
  readonly #numberIndex = new Map<number, number>();
  readonly #textTable = new TextTable();

  constructor(capacity = 1_024) {
    this.words = new Int32Array(capacity);
    this.texts = this.#textTable.texts;
  }

  /** A tape of what another one has, such as one of another thread; the words may be on shared memory. */
  static of({ words, length, numbers, texts }: TapeParts): Tape {
    const tape = new Tape(0);
    tape.words = words;
    tape.length = length;
    numbers.forEach((number, index) => {
      tape.numbers.push(number);
      tape.#numberIndex.set(number, index);
    });
    for (const text of texts) tape.#textTable.indexOf(text);
    return tape;
  }

  /** Appends a value, however deep. @returns its position. */
  append(value: Json): number {
    const start = this.length;
    const open: Opened[] = [];
    let next: Json | undefined = value;
    while (next !== undefined) {
      if (typeof next === "object" && next !== null) open.push(this.#open(next));
      else this.appendWord(this.scalarWord(next));
      next = undefined;
      for (let inner = open.at(-1); inner !== undefined && next === undefined; inner = open.at(-1)) {
        if (inner.done === inner.items.length) {
          this.end(inner.at);
          open.pop();
          continue;
        }
        const name = inner.names?.[inner.done];
        if (name !== undefined) this.appendWord(this.textWord(name));
        next = inner.items[inner.done] ?? null;
        inner.done += 1;
      }
    }
    return start;
  }

  /** The word of a scalar; the same for equal ones. (0 and -0 are equal.) */
  scalarWord(value: null | boolean | number | string): number {
    if (typeof value === "number") return this.numberWord(value);
    if (typeof value === "string") return this.textWord(value);
    if (value === null) return NULL_WORD;
    return value ? TRUE_WORD : FALSE_WORD;
  }

  numberWord(value: number): number {
    if (Number.isInteger(value) && value <= LARGEST_INTEGER && value >= -LARGEST_INTEGER)
      return (value << TAG_BITS) | INTEGER;
    let index = this.#numberIndex.get(value);
    if (index === undefined) {
      index = this.numbers.push(value) - 1;
      this.#numberIndex.set(value, index);
    }
    return (index << TAG_BITS) | NUMBER;
  }

  textWord(value: string): number {
    return (this.#textTable.indexOf(value) << TAG_BITS) | TEXT;
  }

  /**
   * The word of the text whose ASCII bytes go from `start` to before `end`; no string is made for one that is known.
   */
  asciiWord(bytes: Buffer, start: number, end: number): number {
    return (this.#textTable.indexOfAscii(bytes, start, end) << TAG_BITS) | TEXT;
  }

  appendWord(word: number): void {
    if (this.length === this.words.length) this.#grow();
    this.words[this.length] = word;
    this.length += 1;
  }

  /**
   * Begins an array of `count` items, which are appended next; `end` must be called after the last.
   * @returns its position.
   */
  beginArray(count: number): number {
    return this.#begin(ARRAY, count);
  }

  /**
   * Begins an object of `count` fields: append the word of each name's text, then its value; `end` after the last.
   * @returns its position.
   */
  beginObject(count: number): number {
    return this.#begin(OBJECT, count);
  }

  /** Ends what began at `at`. @param count of its items or fields, where that was not known in the beginning. */
  end(at: number, count?: number): void {
    this.words[at + 1] = this.length;
    if (count !== undefined) this.words[at] = (count << TAG_BITS) | (this.word(at) & TAG_MASK);
  }

  /** Takes back what was appended from `at` on. */
  truncate(at: number): void {
    this.length = at;
  }

  /** The first word of the value at `at`: for a scalar, its identity. */
  word(at: number): number {
    return this.words[at] ?? NULL_WORD;
  }

  isNull(at: number): boolean {
    return this.words[at] === NULL_WORD;
  }

  isArray(at: number): boolean {
    return (this.word(at) & TAG_MASK) === ARRAY;
  }

  isObject(at: number): boolean {
    return (this.word(at) & TAG_MASK) === OBJECT;
  }

  isText(at: number): boolean {
    return (this.word(at) & TAG_MASK) === TEXT;
  }

  isNumber(at: number): boolean {
    const tag = this.word(at) & TAG_MASK;
    return tag === INTEGER || tag === NUMBER;
  }

  isScalar(at: number): boolean {
    return (this.word(at) & TAG_MASK) < ARRAY;
  }

  /** Items of the array, or fields of the object, at `at`. */
  count(at: number): number {
    return this.word(at) >> TAG_BITS;
  }

  /** Position of the first item or of the first field's name; items follow one another by `next`. */
  first(at: number): number {
    return at + 2;
  }

  /** The position after the value at `at`. */
  next(at: number): number {
    return this.isScalar(at) ? at + 1 : (this.words[at + 1] ?? at + 1);
  }

  /** Position of the object's field, or -1 where it has none of that name. */
  field(at: number, name: string): number {
    const index = this.#textTable.find(name);
    return index === -1 ? -1 : this.fieldOf(at, (index << TAG_BITS) | TEXT);
  }

  /** The same for the word of the name's text: where one field of many objects is read. */
  fieldOf(at: number, wanted: number): number {
    if (!this.isObject(at)) return -1;
    let position = this.first(at);
    for (let left = this.count(at); left > 0; left -= 1) {
      if (this.words[position] === wanted) return position + 1;
      position = this.next(position + 1);
    }
    return -1;
  }

  /** The number at `at`, or NaN where it is none. */
  number(at: number): number {
    const word = this.word(at);
    const tag = word & TAG_MASK;
    if (tag === INTEGER) return word >> TAG_BITS;
    return tag === NUMBER ? (this.numbers[word >> TAG_BITS] ?? NaN) : NaN;
  }

  /** The index of a text among `texts`, to which it is added where it is new. */
  indexOfText(value: string): number {
    return this.#textTable.indexOf(value);
  }

  /** The index of the text at `at` in `texts`, or -1 where it is none. */
  textIndex(at: number): number {
    const word = this.word(at);
    return (word & TAG_MASK) === TEXT ? word >> TAG_BITS : -1;
  }

  /** The value of a scalar's word. */
  scalar(word: number): null | boolean | number | string {
    const payload = word >> TAG_BITS;
    switch (word & TAG_MASK) {
      case CONSTANT:
        return CONSTANTS[payload] ?? null;
      case INTEGER:
        return payload;
      case NUMBER:
        return this.numbers[payload] ?? NaN;
      case TEXT:
        return this.texts[payload] ?? "";
      default:
        throw new RangeError("the word is not that of a scalar");
    }
  }

  /** The value at `at`, as JSON has it. */
  json(at: number): Json {
    if (this.isScalar(at)) return this.scalar(this.word(at));
    const open: Reading[] = [];
    let position = at;
    for (;;) {
      let value: Json | undefined;
      if (this.isScalar(position)) {
        value = this.scalar(this.word(position));
        position += 1;
      } else {
        open.push({ left: this.count(position), items: [], names: this.isObject(position) ? [] : undefined });
        position = this.first(position);
      }
      for (let inner = open.at(-1); ; inner = open.at(-1)) {
        if (value !== undefined) {
          if (inner === undefined) return value;
          inner.items.push(value);
          value = undefined;
        }
        if (inner === undefined || inner.left > 0) break;
        open.pop();
        value = assembled(inner);
      }
      const inner = open.at(-1);
      if (inner === undefined) continue;
      inner.left -= 1;
      if (inner.names !== undefined) {
        inner.names.push(String(this.scalar(this.word(position))));
        position += 1;
      }
    }
  }

  #open(value: readonly Json[] | { readonly [key: string]: Json }): Opened {
    if (Array.isArray(value)) {
      const items = value as readonly Json[];
      return { at: this.beginArray(items.length), names: undefined, items, done: 0 };
    }
    const names = Object.keys(value);
    return { at: this.beginObject(names.length), names, items: Object.values(value as object) as Json[], done: 0 };
  }

  #begin(tag: number, count: number): number {
    const at = this.length;
    this.appendWord((count << TAG_BITS) | tag);
    this.appendWord(0);
    return at;
  }

  #grow(): void {
    const words = new Int32Array(Math.max(16, this.words.length * 2));
    words.set(this.words);
    this.words = words;
  }
}
