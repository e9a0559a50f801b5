/**
 * Reads JSON as the original does: the first value counts, whatever follows it; an object keeps its fields as they are
 * written, the same name twice as well; and a number stays text, since `1.0` is no whole number there.
 */

export type JsonValue = null | boolean | string | JsonNumber | JsonObject | readonly JsonValue[];

/** A number as it is written. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The fields of an object in the order of the text. */
export class JsonObject {
  readonly fields: { readonly name: string; value: JsonValue }[] = [];
}

/** Go's limit. */
const DEEPEST = 10_000;

const SPACE = /[ \t\r\n]*/y;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})[^"\\\u0000-\u001f]*)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const WORDS = new Map<string, JsonValue>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** The first value of a text. @throws SyntaxError when there is none. */
export function firstJsonValue(text: string): JsonValue {
  const reader = new Reader(text);
  const open: (JsonObject | JsonValue[])[] = [];
  for (;;) {
    let value = reader.begin();
    if (value instanceof JsonObject || Array.isArray(value)) {
      const container = value as JsonObject | JsonValue[];
      if (!reader.takes(closing(container))) {
        open.push(container);
        if (open.length > DEEPEST) throw new SyntaxError("exceeded max depth");
        if (container instanceof JsonObject) reader.name(container);
        continue;
      }
    }
    // A value is complete, and with it perhaps those that it is the last one of.
    for (;;) {
      const parent = open.at(-1);
      if (parent === undefined) return value;
      put(parent, value);
      if (reader.takes(",")) {
        if (parent instanceof JsonObject) reader.name(parent);
        break;
      }
      reader.expect(closing(parent));
      value = open.pop() ?? parent;
    }
  }
}

function closing(container: JsonObject | readonly JsonValue[]): string {
  return container instanceof JsonObject ? "}" : "]";
}

function put(parent: JsonObject | JsonValue[], value: JsonValue): void {
  if (!(parent instanceof JsonObject)) return void parent.push(value);
  const field = parent.fields.at(-1);
  if (field !== undefined) field.value = value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** A value that is no container, or a container that has nothing in it yet. */
  begin(): JsonValue {
    if (this.takes("{")) return new JsonObject();
    if (this.takes("[")) return [];
    const string = this.#match(STRING);
    if (string !== undefined) return JSON.parse(string) as string;
    const number = this.#match(NUMBER);
    if (number !== undefined) return new JsonNumber(number);
    const word = this.#match(WORD);
    if (word === undefined) throw this.#wrong();
    return WORDS.get(word) ?? null;
  }

  /** The name of the next field, and the colon. */
  name(object: JsonObject): void {
    this.#skipSpace();
    const name = this.#match(STRING);
    if (name === undefined) throw this.#wrong();
    this.expect(":");
    object.fields.push({ name: JSON.parse(name) as string, value: null });
  }

  takes(sign: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  expect(sign: string): void {
    if (!this.takes(sign)) throw this.#wrong();
  }

  #skipSpace(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #wrong(): SyntaxError {
    const sign = this.#text[this.#at];
    if (sign === undefined) return new SyntaxError(this.#text.trim() === "" ? "EOF" : "unexpected EOF");
    return new SyntaxError(`invalid character ${JSON.stringify(sign)} at ${this.#at}`);
  }
}
