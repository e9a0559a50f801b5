/**
 * Reads EDN (https://github.com/edn-format/edn) from bytes onto a tape, as what JSON has for it: keywords, symbols and
 * characters become texts, vectors, lists and sets arrays, maps objects, and what a tag stands before is taken without
 * it. Whole numbers that JSON cannot hold exactly become texts of their digits, so that different ones stay different.
 */
import { MOST_DEPTH } from "../limits.ts";
import type { Tape } from "../columns/tape.ts";
import { FALSE_WORD, NULL_WORD, TRUE_WORD } from "../columns/tape.ts";

/** The bytes end in the middle of something. */
export class EdnIncomplete extends Error {
  override readonly name = "EdnIncomplete";
}

/** This is no EDN. */
export class EdnError extends Error {
  override readonly name = "EdnError";
  /** Position of the byte. */
  readonly at: number;

  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}

const NUMBER = /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?[NM]?$/;
const RATIO = /^([+-]?\d+)\/(\d+)$/;
const CHARACTERS: { readonly [name: string]: string } = {
  newline: "\n",
  return: "\r",
  space: " ",
  tab: "\t",
  backspace: "\b",
  formfeed: "\f",
};
const ESCAPES: { readonly [letter: string]: string } = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  '"': '"',
  "\\": "\\",
};
/** By the byte that opens it. */
const CLOSING: ReadonlyMap<number, number> = new Map([
  [code("("), code(")")],
  [code("["), code("]")],
  [code("{"), code("}")],
]);

/** For each byte, whether it ends a token. */
const DELIMITER = new Uint8Array(256);
for (const byte of Buffer.from(' \t\r\n\f,()[]{}";')) DELIMITER[byte] = 1;
const SPACE = new Uint8Array(256);
for (const byte of Buffer.from(" \t\r\n\f,")) SPACE[byte] = 1;

export function code(character: string): number {
  return character.charCodeAt(0);
}

const QUOTE = code('"');
const BACKSLASH = code("\\");
const HASH = code("#");
const SEMICOLON = code(";");
const COLON = code(":");
const CARET = code("^");
const UNDERSCORE = code("_");
const OPEN_MAP = code("{");
const LINE_END = code("\n");
const ZERO = code("0");
const NINE = code("9");
const MINUS = code("-");
/** Whole numbers of so many digits are exact while they are put together. */
const EXACT_DIGITS = 15;

export class EdnBytes {
  bytes = Buffer.alloc(0);
  /** Where the bytes end that may be read. */
  end = 0;
  /** How deep in a value it is. After an error, 0 is to be put here. */
  depth = 0;
  readonly #tape: Tape;
  #keeping = true;

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /**
   * @returns the position of the next thing after white space, comments and what is discarded.
   * @throws EdnIncomplete
   */
  skipSpace(at: number): number {
    let position = at;
    for (;;) {
      const byte = this.#byte(position);
      if (SPACE[byte] === 1) {
        position += 1;
      } else if (byte === SEMICOLON) {
        position = this.bytes.indexOf(LINE_END, position);
        if (position === -1 || position >= this.end) throw new EdnIncomplete();
      } else if (byte === HASH && this.#byte(position + 1) === UNDERSCORE) {
        // Discards stand before discards: `#_ #_ a b`.
        this.#descend(position);
        position = this.skip(this.skipSpace(position + 2));
        this.depth -= 1;
      } else {
        return position;
      }
    }
  }

  /** @returns the position after the tag (or the metadata) at `at`, or `at` where there is none. */
  skipTag(at: number): number {
    const byte = this.#byte(at);
    if (byte === CARET) return this.skipSpace(this.skip(this.skipSpace(at + 1)));
    if (byte !== HASH) return at;
    const next = this.#byte(at + 1);
    if (next === OPEN_MAP || next === HASH || next === QUOTE) return at;
    return this.skipSpace(this.#tokenEnd(at + 1));
  }

  /** Appends the value at `at`. @returns the position after it. @throws EdnIncomplete, EdnError */
  value(at: number): number {
    this.#descend(at);
    const end = this.#value(at);
    this.depth -= 1;
    return end;
  }

  #descend(at: number): void {
    if (this.depth > MOST_DEPTH) throw new EdnError(`a value is nested more than ${MOST_DEPTH} deep`, at);
    this.depth += 1;
  }

  #value(at: number): number {
    const tape = this.#tape;
    const start = this.skipTag(at);
    if (start !== at) return this.value(start);
    const byte = this.#byte(at);
    if (byte === COLON) {
      const end = this.#tokenEnd(at + 1);
      if (end === at + 1) throw new EdnError("a keyword has no name", at);
      this.#appendText(at + 1, end);
      return end;
    }
    if ((byte >= ZERO && byte <= NINE) || byte === MINUS) return this.#number(at);
    if (byte === QUOTE) return this.#string(at);
    if (byte === OPEN_MAP) return this.#map(at);
    const closing = CLOSING.get(byte);
    if (closing !== undefined) return this.#items(at + 1, closing);
    if (byte === HASH) {
      const next = this.#byte(at + 1);
      if (next === OPEN_MAP) return this.#items(at + 2, CLOSING.get(OPEN_MAP) as number);
      if (next === QUOTE) return this.#string(at + 1);
      const end = this.#tokenEnd(at + 2);
      this.#appendText(at + 2, end);
      return end;
    }
    if (byte === BACKSLASH) return this.#character(at);
    const end = this.#tokenEnd(at);
    if (end === at) throw new EdnError(`${JSON.stringify(String.fromCharCode(byte))} is not expected here`, at);
    const word = this.#constant(at, end);
    if (word !== undefined) tape.appendWord(word);
    else if (byte === code("+")) return this.#number(at);
    else this.#appendText(at, end);
    return end;
  }

  /** The number at `at`, which is nothing for the tape; NaN for nil, undefined for what is no number. */
  numberAt(at: number): number | undefined {
    const written = this.bytes.toString("latin1", at, this.#tokenEnd(at));
    if (written === "nil") return NaN;
    return NUMBER.test(written) ? Number(written.replace(/[NM]$/, "")) : undefined;
  }

  /** Reads past a value. @returns as `value`. */
  skip(at: number): number {
    const start = this.#tape.length;
    const before = this.#keeping;
    this.#keeping = false;
    try {
      return this.value(at);
    } finally {
      this.#keeping = before;
      this.#tape.truncate(start);
    }
  }

  /** A name as long as it goes. */
  #tokenEnd(at: number): number {
    let end = at;
    while (DELIMITER[this.#byte(end)] === 0) end += 1;
    return end;
  }

  #byte(at: number): number {
    if (at >= this.end) throw new EdnIncomplete();
    return this.bytes[at] as number;
  }

  #constant(at: number, end: number): number | undefined {
    if (end - at > 5) return undefined;
    switch (this.bytes.toString("latin1", at, end)) {
      case "nil":
        return NULL_WORD;
      case "true":
        return TRUE_WORD;
      case "false":
        return FALSE_WORD;
      default:
        return undefined;
    }
  }

  #appendText(at: number, end: number): void {
    for (let i = at; i < end; i += 1) {
      if ((this.bytes[i] as number) >= 0x80) {
        this.#appendString(this.bytes.toString("utf8", at, end));
        return;
      }
    }
    this.#tape.appendWord(this.#keeping ? this.#tape.asciiWord(this.bytes, at, end) : NULL_WORD);
  }

  #appendString(text: string): void {
    this.#tape.appendWord(this.#keeping ? this.#tape.textWord(text) : NULL_WORD);
  }

  #number(at: number): number {
    const end = this.#tokenEnd(at);
    const negative = this.bytes[at] === MINUS;
    const first = negative ? at + 1 : at;
    let number = 0;
    let position = first;
    for (; position < end; position += 1) {
      const digit = (this.bytes[position] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    if (position === end && position > first && position - first <= EXACT_DIGITS)
      this.#tape.appendWord(this.#tape.numberWord(negative ? -number : number));
    else this.#tape.appendWord(this.#otherNumber(this.bytes.toString("latin1", at, end), at));
    return end;
  }

  #otherNumber(written: string, at: number): number {
    const tape = this.#tape;
    if (!this.#keeping) return NULL_WORD;
    const ratio = RATIO.exec(written);
    if (ratio !== null) return tape.numberWord(Number(ratio[1]) / Number(ratio[2]));
    // A symbol may begin with a minus.
    if (!NUMBER.test(written)) {
      if (/^-(?!\d)/.test(written)) return tape.textWord(written);
      throw new EdnError(`${written} is no number`, at);
    }
    const digits = written.replace(/[NM]$/, "");
    const number = Number(digits);
    if (/^[+-]?\d+$/.test(digits) && !Number.isSafeInteger(number)) return tape.textWord(digits.replace(/^\+/, ""));
    return tape.numberWord(number);
  }

  #string(at: number): number {
    const first = at + 1;
    let end = first;
    let plain = true;
    for (; this.#byte(end) !== QUOTE; end += 1) {
      if (this.bytes[end] !== BACKSLASH) continue;
      plain = false;
      end += 1;
    }
    if (plain) this.#appendText(first, end);
    else this.#appendString(unescaped(this.bytes.toString("utf8", first, end), at));
    return end + 1;
  }

  #character(at: number): number {
    // The character itself may be one that ends other tokens.
    const end = this.#tokenEnd(at + 2);
    const name = this.bytes.toString("utf8", at + 1, end);
    const unit = /^u([0-9a-fA-F]{4})$/.exec(name)?.[1];
    this.#appendString(
      unit === undefined ? (CHARACTERS[name] ?? name) : String.fromCharCode(Number.parseInt(unit, 16)),
    );
    return end;
  }

  #items(at: number, closing: number): number {
    const tape = this.#tape;
    const array = tape.beginArray(0);
    let count = 0;
    let position = this.skipSpace(at);
    for (; this.bytes[position] !== closing; position = this.skipSpace(position)) {
      position = this.value(position);
      count += 1;
    }
    tape.end(array, count);
    return position + 1;
  }

  #map(at: number): number {
    const tape = this.#tape;
    const closing = CLOSING.get(OPEN_MAP);
    const object = tape.beginObject(0);
    const names = new Set<number>();
    let position = this.skipSpace(at + 1);
    for (; this.bytes[position] !== closing; position = this.skipSpace(position)) {
      const name = tape.length;
      const end = this.value(position);
      if (!tape.isText(name) && this.#keeping) {
        const key = tape.json(name);
        tape.truncate(name);
        tape.appendWord(tape.textWord(JSON.stringify(key)));
      }
      if (this.#keeping && names.has(tape.word(name)))
        throw new EdnError(`a map has the key ${JSON.stringify(tape.json(name))} twice`, position);
      names.add(tape.word(name));
      position = this.skipSpace(end);
      if (this.bytes[position] === closing) throw new EdnError("a map has a key without a value", position);
      position = this.value(position);
    }
    tape.end(object, names.size);
    return position + 1;
  }
}

function unescaped(text: string, at: number): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([0-7]{1,3})|([^]))/g, (_, unit, octal, letter) => {
    if (unit !== undefined) return String.fromCharCode(Number.parseInt(String(unit), 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(String(octal), 8));
    const character = ESCAPES[String(letter)];
    if (character === undefined)
      throw new EdnError(`a text has the escape \\${String(letter)}, which EDN does not know`, at);
    return character;
  });
}
