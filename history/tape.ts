/**
 * JSON values in typed arrays. A value is a run of 32-bit words, and its position is its handle; scalars are one word, and two scalars are
 * equal exactly when their words are. So a checker can compare, count and look up values of millions of events without an object for any.
 *
 * The low three bits of a word say what it is, the others hold its payload:
 * a constant (null, false, true), a whole number of up to 29 bits, an index into `numbers` (any other number) or `texts`, or the
 * count of an array's items or an object's fields. An array or object has a second word, the position after its end, and then its items, or
 * its fields: the word of the name's text, then the value.
 */
import type { Json } from "./operation.ts";

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
  readonly texts: string[] = [];
  readonly #numberIndex = new Map<number, number>();
  readonly #textIndex = new Map<string, number>();

  constructor(capacity = 1_024) {
    this.words = new Int32Array(capacity);
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
    texts.forEach((text, index) => {
      tape.texts.push(text);
      tape.#textIndex.set(text, index);
    });
    return tape;
  }

  /** Appends a value. @returns its position. */
  append(value: Json): number {
    const at = this.length;
    if (typeof value === "object" && value !== null) this.#appendComposite(value);
    else this.appendWord(this.scalarWord(value));
    return at;
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
    let index = this.#textIndex.get(value);
    if (index === undefined) {
      index = this.texts.push(value) - 1;
      this.#textIndex.set(value, index);
    }
    return (index << TAG_BITS) | TEXT;
  }

  appendWord(word: number): void {
    if (this.length === this.words.length) this.#grow();
    this.words[this.length] = word;
    this.length += 1;
  }

  /** Begins an array of `count` items, which are appended next; `end` must be called after the last. @returns its position. */
  beginArray(count: number): number {
    return this.#begin(ARRAY, count);
  }

  /** Begins an object of `count` fields: append the word of each name's text, then its value; `end` after the last. @returns its position. */
  beginObject(count: number): number {
    return this.#begin(OBJECT, count);
  }

  /** Ends what began at `at`. */
  end(at: number): void {
    this.words[at + 1] = this.length;
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
    const index = this.#textIndex.get(name);
    if (index === undefined || !this.isObject(at)) return -1;
    const wanted = (index << TAG_BITS) | TEXT;
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
    if (this.isArray(at)) {
      const items: Json[] = [];
      let position = this.first(at);
      for (let left = this.count(at); left > 0; left -= 1) {
        items.push(this.json(position));
        position = this.next(position);
      }
      return items;
    }
    if (this.isObject(at)) {
      const fields: [string, Json][] = [];
      let position = this.first(at);
      for (let left = this.count(at); left > 0; left -= 1) {
        fields.push([String(this.scalar(this.word(position))), this.json(position + 1)]);
        position = this.next(position + 1);
      }
      return Object.fromEntries(fields);
    }
    return this.scalar(this.word(at));
  }

  #appendComposite(value: readonly Json[] | { readonly [key: string]: Json }): void {
    if (Array.isArray(value)) {
      const items = value as readonly Json[];
      const at = this.beginArray(items.length);
      for (const item of items) this.append(item);
      this.end(at);
      return;
    }
    const fields = Object.entries(value as { readonly [key: string]: Json });
    const at = this.beginObject(fields.length);
    for (const [name, field] of fields) {
      this.appendWord(this.textWord(name));
      this.append(field);
    }
    this.end(at);
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
