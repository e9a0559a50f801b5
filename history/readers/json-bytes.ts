/**
 * Reads JSON values from bytes straight onto a tape, without an object, or a string that is known already, for any of
 * them. It takes what it is sure to read as `JSON.parse` would; about everything else (names that are there twice,
 * numbers as names, damaged text) it says so, and the caller asks `JSON.parse`.
 */
import { MOST_DEPTH } from "../limits.ts";
import type { Tape } from "../columns/tape.ts";
import { FALSE_WORD, NULL_WORD, TRUE_WORD } from "../columns/tape.ts";

/** Instead of a position: these bytes are for `JSON.parse`. */
export const NOT_SURE = -1;

const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Bytes from here on belong to characters beyond ASCII. */
const BEYOND_ASCII = 0x80;
/** Whole numbers of so many digits are exact while they are put together. */
const EXACT_DIGITS = 15;
/** A number of more digits is beyond all that can be represented. */
const MOST_DIGITS = 310;
/** Objects of more fields are for `JSON.parse`: here each name is compared with each. */
const COMPARED_FIELDS = 32;
const LITERALS = [
  { bytes: Buffer.from("null"), word: NULL_WORD },
  { bytes: Buffer.from("true"), word: TRUE_WORD },
  { bytes: Buffer.from("false"), word: FALSE_WORD },
];

/**
 * In all methods `bytes` must contain a line's end at or after `at`: no token contains one, and so nothing is read
 * beyond it.
 */
export class JsonBytes {
  /** What `number` has read last. */
  numberRead = 0;
  /** What `text` has read last. */
  wordRead = NULL_WORD;
  /** The first whole number that is not exactly representable, as it is written. */
  rounded: string | undefined;
  readonly #tape: Tape;
  #keeping = true;
  #openAt = new Int32Array(64);
  #counts = new Int32Array(64);

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /**
   * Appends the value that begins at `at`, or after white space there.
   * @returns the position after it, or `NOT_SURE`.
   */
  value(bytes: Buffer, at: number): number {
    const tape = this.#tape;
    let depth = 0;
    let position = at;
    for (;;) {
      position = skipSpace(bytes, position);
      const first = bytes[position] as number;
      if (first === OPEN_ARRAY || first === OPEN_OBJECT) {
        const isArray = first === OPEN_ARRAY;
        if (depth === MOST_DEPTH) return NOT_SURE;
        if (depth === this.#openAt.length) this.#deepen();
        this.#openAt[depth] = isArray ? tape.beginArray(0) : tape.beginObject(0);
        this.#counts[depth] = 0;
        depth += 1;
        position = skipSpace(bytes, position + 1);
        if (bytes[position] !== (isArray ? CLOSE_ARRAY : CLOSE_OBJECT)) {
          if (!isArray) position = this.#name(bytes, position);
          if (position === NOT_SURE) return NOT_SURE;
          continue;
        }
        depth -= 1;
        tape.end(this.#openAt[depth] as number, 0);
        position += 1;
      } else {
        position = this.#scalar(bytes, position, first);
        if (position === NOT_SURE) return NOT_SURE;
      }
      // After a value: the next one, or the end of what it is in.
      for (;;) {
        if (depth === 0) return position;
        const open = this.#openAt[depth - 1] as number;
        const count = ((this.#counts[depth - 1] as number) += 1);
        const isArray = tape.isArray(open);
        position = skipSpace(bytes, position);
        const next = bytes[position];
        if (next === COMMA) {
          position = isArray ? position + 1 : this.#name(bytes, skipSpace(bytes, position + 1));
          if (position === NOT_SURE) return NOT_SURE;
          break;
        }
        if (next !== (isArray ? CLOSE_ARRAY : CLOSE_OBJECT)) return NOT_SURE;
        tape.end(open, count);
        if (!isArray && this.#keeping && !this.#namesDiffer(open)) return NOT_SURE;
        depth -= 1;
        position += 1;
      }
    }
  }

  /** Reads past a value, which is left out. @returns as `value`. */
  skip(bytes: Buffer, at: number): number {
    const start = this.#tape.length;
    this.#keeping = false;
    const end = this.value(bytes, at);
    this.#keeping = true;
    this.#tape.truncate(start);
    return end;
  }

  /** Reads the text whose first quote is at `at` into `wordRead`. @returns as `value`. */
  text(bytes: Buffer, at: number): number {
    if (bytes[at] !== QUOTE) return NOT_SURE;
    let end = at + 1;
    for (;;) {
      const byte = bytes[end] as number;
      if (byte === QUOTE) break;
      if (byte < SPACE) return NOT_SURE;
      if (byte === BACKSLASH || byte >= BEYOND_ASCII) return this.#otherText(bytes, at);
      end += 1;
    }
    this.wordRead = this.#keeping ? this.#tape.asciiWord(bytes, at + 1, end) : NULL_WORD;
    return end + 1;
  }

  /** Reads the number at `at` into `numberRead`. @returns as `value`. */
  number(bytes: Buffer, at: number): number {
    let position = at;
    const negative = bytes[position] === MINUS;
    if (negative) position += 1;
    const firstDigit = position;
    let number = 0;
    for (; isDigit(bytes[position] as number); position += 1) number = number * 10 + (bytes[position] as number) - ZERO;
    const digits = position - firstDigit;
    if (digits === 0 || (digits > 1 && bytes[firstDigit] === ZERO)) return NOT_SURE;
    const next = bytes[position] as number;
    if (next === POINT || isExponent(next)) return this.#fraction(bytes, at, position);
    if (digits > EXACT_DIGITS) {
      const written = bytes.toString("latin1", at, position);
      number = Number(written);
      if (this.rounded === undefined && !Number.isSafeInteger(number) && isInexact(written)) this.rounded = written;
      this.numberRead = number;
    } else {
      this.numberRead = negative ? -number : number;
    }
    return position;
  }

  #scalar(bytes: Buffer, at: number, first: number): number {
    if (first === QUOTE) {
      const end = this.text(bytes, at);
      this.#tape.appendWord(this.wordRead);
      return end;
    }
    if (first === MINUS || isDigit(first)) {
      const end = this.number(bytes, at);
      this.#tape.appendWord(this.#keeping ? this.#tape.numberWord(this.numberRead) : NULL_WORD);
      return end;
    }
    for (const literal of LITERALS) {
      if (!startsWith(bytes, at, literal.bytes)) continue;
      this.#tape.appendWord(literal.word);
      return at + literal.bytes.length;
    }
    return NOT_SURE;
  }

  /** A text with escapes, or with characters beyond ASCII. */
  #otherText(bytes: Buffer, at: number): number {
    let end = at + 1;
    for (; bytes[end] !== QUOTE; end += 1) {
      if (bytes[end] === BACKSLASH) end += 1;
      if ((bytes[end] as number) < SPACE) return NOT_SURE;
    }
    try {
      const text: unknown = JSON.parse(bytes.toString("utf8", at, end + 1));
      this.wordRead = this.#keeping ? this.#tape.textWord(String(text)) : NULL_WORD;
      return end + 1;
    } catch (error) {
      // JSON.parse says so again for the whole line.
      if (error instanceof SyntaxError) return NOT_SURE;
      throw error;
    }
  }

  /** A number goes on with a point or an exponent at `at`. */
  #fraction(bytes: Buffer, start: number, at: number): number {
    let position = at;
    if (bytes[position] === POINT) {
      const digits = skipDigits(bytes, position + 1);
      if (digits === position + 1) return NOT_SURE;
      position = digits;
    }
    if (isExponent(bytes[position] as number)) {
      position += 1;
      if (bytes[position] === PLUS || bytes[position] === MINUS) position += 1;
      const digits = skipDigits(bytes, position);
      if (digits === position) return NOT_SURE;
      position = digits;
    }
    this.numberRead = Number(bytes.toString("latin1", start, position));
    return position;
  }

  /** The name of a field and the colon after it. */
  #name(bytes: Buffer, at: number): number {
    // Objects put numbers before all other names.
    if (isDigit(bytes[at + 1] as number)) return NOT_SURE;
    const end = this.text(bytes, at);
    if (end === NOT_SURE) return NOT_SURE;
    this.#tape.appendWord(this.wordRead);
    return afterColon(bytes, end);
  }

  #namesDiffer(object: number): boolean {
    const tape = this.#tape;
    const count = tape.count(object);
    if (count > COMPARED_FIELDS) return false;
    let name = tape.first(object);
    for (let i = 1; i < count; i += 1) {
      let other = tape.first(object);
      const later = tape.next(name + 1);
      for (; other !== later; other = tape.next(other + 1)) if (tape.word(other) === tape.word(later)) return false;
      name = later;
    }
    return true;
  }

  #deepen(): void {
    const [openAt, counts] = [this.#openAt, this.#counts];
    this.#openAt = new Int32Array(openAt.length * 2);
    this.#openAt.set(openAt);
    this.#counts = new Int32Array(counts.length * 2);
    this.#counts.set(counts);
  }
}

/** @returns the position after white space and a colon, or `NOT_SURE`. */
export function afterColon(bytes: Buffer, at: number): number {
  const position = skipSpace(bytes, at);
  return bytes[position] === COLON ? position + 1 : NOT_SURE;
}

/** White space of JSON, except for a line's end. @returns the position after it. */
export function skipSpace(bytes: Buffer, at: number): number {
  let position = at;
  for (;;) {
    const byte = bytes[position];
    if (byte !== SPACE && byte !== TAB && byte !== CARRIAGE_RETURN) return position;
    position += 1;
  }
}

export function startsWith(bytes: Buffer, at: number, wanted: Buffer): boolean {
  for (let i = 0; i < wanted.length; i += 1) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

function skipDigits(bytes: Buffer, at: number): number {
  let position = at;
  while (isDigit(bytes[position] as number)) position += 1;
  return position;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isExponent(byte: number): boolean {
  return byte === 0x65 || byte === 0x45;
}

/**
 * Judges the digits of a whole number beyond the safe ones. Where there are more digits than any number has, their
 * values do not matter.
 */
function isInexact(written: string): boolean {
  return written.length > MOST_DIGITS || BigInt(written) !== BigInt(Number(written));
}
