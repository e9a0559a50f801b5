/**
 * The event of one line, read from its bytes. Whatever is not plainly right is left to `parseLine`, which knows what is
 * wrong with it.
 */
import { TYPE } from "../columns/columns.ts";
import { afterColon, JsonBytes, NOT_SURE, skipSpace, startsWith } from "./json-bytes.ts";
import type { Tape } from "../columns/tape.ts";
import { NULL_WORD } from "../columns/tape.ts";

const LINE_END = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** In `index` and `time`: the line has none. */
const ABSENT = NaN;

const FIELDS = ["process", "type", "f", "value", "time", "index", "error", "node", "worker", "attempts"] as const;
type Field = (typeof FIELDS)[number];
const NAMES = FIELDS.map((field) => Buffer.from(`"${field}"`));
const REQUIRED = bit("process") | bit("type") | bit("f");
const NULL = Buffer.from("null");
const TYPES = Object.entries(TYPE).map(([name, code]) => ({ bytes: Buffer.from(`"${name}"`), code }));

function bit(field: Field): number {
  return 1 << FIELDS.indexOf(field);
}

export class EventBytes {
  index = ABSENT;
  time = ABSENT;
  process = 0;
  /** A code of `TYPE`. */
  type = 0;
  /** The word of a text on the tape, as are those below; these are `NULL_WORD` where the line has none. */
  f = NULL_WORD;
  error = NULL_WORD;
  node = NULL_WORD;
  worker = NULL_WORD;
  attempts = NULL_WORD;
  /** Position on the tape. */
  value = 0;
  readonly json: JsonBytes;
  readonly #tape: Tape;
  readonly #emptyText: number;

  constructor(tape: Tape) {
    this.#tape = tape;
    this.json = new JsonBytes(tape);
    this.#emptyText = tape.textWord("");
  }

  /**
   * Reads the line that begins at `at` and has its end somewhere in `bytes`. Its value is appended to the tape.
   * @returns false when it is for `parseLine`; then nothing has been appended.
   */
  read(bytes: Buffer, at: number): boolean {
    const tapeStart = this.#tape.length;
    this.index = ABSENT;
    this.time = ABSENT;
    this.error = NULL_WORD;
    this.node = NULL_WORD;
    this.worker = NULL_WORD;
    this.attempts = NULL_WORD;
    this.value = -1;
    if (!this.#readFields(bytes, at)) {
      this.#tape.truncate(tapeStart);
      return false;
    }
    if (this.value === -1) {
      this.value = this.#tape.length;
      this.#tape.appendWord(NULL_WORD);
    }
    return true;
  }

  #readFields(bytes: Buffer, at: number): boolean {
    let position = skipSpace(bytes, at);
    if (bytes[position] !== OPEN_OBJECT) return false;
    let seen = 0;
    for (;;) {
      position = skipSpace(bytes, position + 1);
      const field = fieldAt(bytes, position);
      if (field === NOT_SURE) {
        position = this.#skipField(bytes, position);
      } else {
        const mask = 1 << field;
        if ((seen & mask) !== 0) return false;
        seen |= mask;
        position = afterColon(bytes, position + (NAMES[field] as Buffer).length);
        if (position !== NOT_SURE)
          position = this.#readField(FIELDS[field] as Field, bytes, skipSpace(bytes, position));
      }
      if (position === NOT_SURE) return false;
      position = skipSpace(bytes, position);
      if (bytes[position] === COMMA) continue;
      if (bytes[position] !== CLOSE_OBJECT) return false;
      return bytes[skipSpace(bytes, position + 1)] === LINE_END && (seen & REQUIRED) === REQUIRED;
    }
  }

  #readField(field: Field, bytes: Buffer, at: number): number {
    const { json } = this;
    switch (field) {
      case "index": {
        const end = json.number(bytes, at);
        this.index = json.numberRead;
        return isCount(json.numberRead) ? end : NOT_SURE;
      }
      case "time": {
        const end = json.number(bytes, at);
        this.time = json.numberRead;
        return json.numberRead >= 0 && Number.isFinite(json.numberRead) ? end : NOT_SURE;
      }
      case "process": {
        const end = json.number(bytes, at);
        this.process = json.numberRead;
        return Number.isSafeInteger(json.numberRead) ? end : NOT_SURE;
      }
      case "type": {
        for (const { bytes: name, code } of TYPES) {
          if (!startsWith(bytes, at, name)) continue;
          this.type = code;
          return at + name.length;
        }
        return NOT_SURE;
      }
      case "f": {
        const end = json.text(bytes, at);
        this.f = json.wordRead;
        return json.wordRead === this.#emptyText ? NOT_SURE : end;
      }
      case "value": {
        this.value = this.#tape.length;
        return json.value(bytes, at);
      }
      case "attempts": {
        const end = json.number(bytes, at);
        if (end === NOT_SURE || !isCount(json.numberRead)) return NOT_SURE;
        this.attempts = this.#tape.numberWord(json.numberRead);
        return end;
      }
      case "error": {
        // Other values than texts are rare, and for `parseLine`.
        if (startsWith(bytes, at, NULL)) return at + NULL.length;
        const end = json.text(bytes, at);
        this.error = json.wordRead;
        return end;
      }
      case "node":
      case "worker": {
        const end = json.text(bytes, at);
        this[field] = json.wordRead;
        return end;
      }
    }
  }

  /**
   * A field that the vocabulary does not have. Its name is compared byte for byte above, so it must not be written in
   * another way.
   */
  #skipField(bytes: Buffer, at: number): number {
    if (bytes[at] !== QUOTE) return NOT_SURE;
    let end = at + 1;
    for (; bytes[end] !== QUOTE; end += 1) {
      const byte = bytes[end] as number;
      if (byte < 0x20 || byte === 0x5c || byte >= 0x80) return NOT_SURE;
    }
    const position = afterColon(bytes, end + 1);
    return position === NOT_SURE ? NOT_SURE : this.json.skip(bytes, position);
  }
}

function fieldAt(bytes: Buffer, at: number): number {
  for (let field = 0; field < NAMES.length; field += 1) if (startsWith(bytes, at, NAMES[field] as Buffer)) return field;
  return NOT_SURE;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
