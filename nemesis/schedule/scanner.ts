/** Reads the text of a schedule from left to right, word by word, and knows where it is when something is wrong. */
import { didYouMean } from "../../history/suggest.ts";
import type { Json } from "../../history/operation.ts";
import { ScheduleError } from "./schedule-error.ts";
import { durationMs, KEYWORDS } from "./words.ts";

export interface Word {
  readonly text: string;
  /** What stands in quotes is a name, whatever it says. */
  readonly quoted: boolean;
  readonly offset: number;
}

/** A colon belongs to a word (`holder:KEY`) unless the word ends with it. */
const WORD = /(?:[^\s;,=|#":[\]{}]|:(?=[^\s;,=|#":[\]{}]))+/y;
const BLANK = /[ \t\r]+/y;
/** An occurrence is `#5`; everything else after a `#` is a comment. */
const COMMENT = /#(?!\d)[^\n]*/y;
/** One whole JSON text, or string, without blanks outside of its strings. */
const STRING = /"(?:[^"\\\n]|\\.)*"/y;

export class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get offset(): number {
    return this.#at;
  }

  /** Nothing but blanks and comments is left. */
  get atEnd(): boolean {
    this.#skipBlanks();
    return this.#at >= this.#text.length;
  }

  /** Nothing is left of this step. */
  get atEndOfStep(): boolean {
    return this.atEnd || this.#text[this.#at] === "\n" || this.#text[this.#at] === ";";
  }

  /**
   * Goes to the next step, beyond line ends, semicolons and comments; there are no occurrences there, so every `#`
   * begins a comment.
   */
  skipToStep(): void {
    for (;;) {
      this.#skipBlanks();
      const next = this.#text[this.#at];
      if (next === "#") this.#at = endOfLine(this.#text, this.#at);
      else if (next === "\n" || next === ";") this.#at += 1;
      else return;
    }
  }

  /** The next characters, if they are these, are taken. */
  take(symbol: string): boolean {
    this.#skipBlanks();
    if (!this.#text.startsWith(symbol, this.#at)) return false;
    this.#at += symbol.length;
    return true;
  }

  /** @param wanted what should stand here, in words */
  expect(symbol: string, wanted: string): void {
    if (!this.take(symbol)) throw this.wrongHere(wanted);
  }

  /** What `read` finds; where that is nothing, everything is as before. */
  attempt<T>(read: () => T | undefined): T | undefined {
    const before = this.#at;
    const found = read();
    if (found === undefined) this.#at = before;
    return found;
  }

  peekWord(): Word | undefined {
    const before = this.#at;
    const word = this.takeWord();
    this.#at = before;
    return word;
  }

  takeWord(): Word | undefined {
    if (this.atEndOfStep) return undefined;
    const offset = this.#at;
    if (this.#text[offset] === '"') {
      const text = this.#match(STRING);
      if (text === undefined)
        throw this.error("a text that begins with a quote must end with one on the same line", offset);
      return { text: this.#parsed(text, offset) as string, quoted: true, offset };
    }
    const text = this.#match(WORD);
    return text === undefined ? undefined : { text, quoted: false, offset };
  }

  /** The keyword, if it comes next, is taken. */
  takeKeyword(keyword: string): boolean {
    const word = this.peekWord();
    if (word === undefined || word.quoted || word.text !== keyword) return false;
    this.takeWord();
    return true;
  }

  isKeyword(...keywords: readonly string[]): boolean {
    const word = this.peekWord();
    return word !== undefined && !word.quoted && keywords.includes(word.text);
  }

  /**
   * A name; one that is a keyword must stand in quotes.
   * @param wanted what the name is for, in words
   */
  name(wanted: string): string {
    if (this.peekWord() === undefined || this.isKeyword(...KEYWORDS)) throw this.wrongHere(wanted);
    return this.takeWord()?.text ?? "";
  }

  duration(): number {
    const word = this.takeWord();
    const ms = word === undefined || word.quoted ? undefined : durationMs(word.text);
    if (ms !== undefined) return ms;
    const wanted = "a duration such as 500ms, 4s or 2m";
    throw word === undefined
      ? this.wrongHere(wanted)
      : this.error(`${JSON.stringify(word.text)} is not ${wanted}`, word.offset);
  }

  /** `#5`, if it comes next. */
  occurrence(): number | undefined {
    if (!this.take("#")) return undefined;
    const offset = this.#at - 1;
    const count = Number(this.#match(/\d+/y));
    if (count < 1) throw this.error("occurrences are counted from #1", offset);
    return count;
  }

  /** Whether `NAME=` comes next, as it does before an option's value. */
  get atOption(): boolean {
    const before = this.#at;
    const isOption = this.takeWord() !== undefined && this.#text[this.#at] === "=";
    this.#at = before;
    return isOption;
  }

  /** A JSON value, a word, or words with commas between them, which are a list. */
  value(): Json {
    this.#skipBlanks();
    const offset = this.#at;
    const next = this.#text[offset] ?? "";
    if (next === "[" || next === "{") return this.#parsed(this.#json(), offset);
    const values: Json[] = [];
    do {
      const word = this.takeWord();
      if (word === undefined) throw this.wrongHere("a value");
      values.push(word.quoted ? word.text : valueOf(word.text));
    } while (this.take(","));
    const [only] = values;
    return values.length === 1 && only !== undefined ? only : values;
  }

  /** @param wanted what should stand here instead */
  wrongHere(wanted: string): ScheduleError {
    if (this.atEndOfStep) return this.error(`${wanted} is missing`, this.#at);
    const offset = this.#at;
    const found = this.peekWord()?.text ?? this.#text[offset] ?? "";
    return this.error(`${JSON.stringify(found)} stands where ${wanted} should be`, offset);
  }

  /** A word that is none of those which are allowed here. */
  unknown(what: string, word: Pick<Word, "text" | "offset">, allowed: readonly string[]): ScheduleError {
    return this.error(
      `there is no ${what} ${JSON.stringify(word.text)}${didYouMean(word.text, allowed)}; there ${allowed.length === 0 ? "is none" : `are ${allowed.join(", ")}`}`,
      word.offset,
    );
  }

  error(reason: string, offset: number): ScheduleError {
    return new ScheduleError(this.#text, offset, reason);
  }

  #skipBlanks(): void {
    this.#match(BLANK);
    this.#match(COMMENT);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** The text of a list or object, up to the bracket that closes it. */
  #json(): string {
    const start = this.#at;
    let depth = 0;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? "";
      if (character === '"' && this.#match(STRING) !== undefined) continue;
      this.#at += 1;
      if ("[{".includes(character)) depth += 1;
      if ("]}".includes(character)) depth -= 1;
      if (depth === 0) return this.#text.slice(start, this.#at);
    }
    throw this.error("this JSON value is not closed", start);
  }

  #parsed(json: string, offset: number): Json {
    try {
      return JSON.parse(json) as Json;
    } catch (error) {
      throw this.error(`${json} is no JSON: ${(error as Error).message}`, offset);
    }
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

/** A bare word that is JSON by itself (a number, true, false, null) is that. */
function valueOf(text: string): Json {
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : text;
}
