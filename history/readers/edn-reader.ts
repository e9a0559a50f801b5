/**
 * Reads the histories of Jepsen, Knossos and Elle: EDN, with one map for each event, one after the other or in one
 * vector or list. `:process` is a number, `:nemesis`, or a keyword that stands for a client; `:index` and `:time` may
 * be missing, or -1.
 */
import { ByteWindow } from "./byte-window.ts";
import { checkRows } from "./check-rows.ts";
import { TYPE } from "../columns/columns.ts";
import { code, EdnBytes, EdnError, EdnIncomplete } from "./edn-bytes.ts";
import { HistoryError, eventTooLarge } from "../history-error.ts";
import type { HistoryReader, LoadedHistory } from "./history-reader.ts";
import { MOST_EVENT_BYTES } from "../limits.ts";
import { checkNemesisValue } from "../line.ts";
import type { Json } from "../operation.ts";
import { NEMESIS } from "../operation.ts";
import { inOrder } from "./order-rows.ts";
import { Rows } from "../columns/rows.ts";
import type { Row } from "../columns/rows.ts";
import { NULL_WORD } from "../columns/tape.ts";

const LINE_END = 0x0a;
const OPEN_MAP = code("{");
const CLOSE_MAP = code("}");
const [OPENING, CLOSING] = [
  [code("["), code("(")],
  [code("]"), code(")")],
];

export class EdnReader implements HistoryReader {
  line = 1;
  readonly #source: string;
  readonly #window = new ByteWindow();
  readonly #rows = new Rows();
  readonly #edn = new EdnBytes(this.#rows.tape);
  /** Inside the vector or list that holds all events. */
  #inside = false;
  /** What comes next has begun, and not ended. */
  #begun = false;
  /** So many bytes were not enough for it. */
  #tooFew = 0;
  /** Fields of the event that is being read: words on the tape. */
  readonly #words = new Map<string, number>();

  /** @param source stands for the file in messages. */
  constructor(source: string) {
    this.#source = source;
  }

  get words(): number {
    return this.#rows.tape.length;
  }

  push(piece: Uint8Array): void {
    const window = this.#window;
    window.push(piece);
    // What is long is read from its beginning each time: only when there is twice as much, so that all this takes no
    // longer than the last time does.
    if (window.left >= this.#tooFew * 2) this.#readAll();
    if (window.left > MOST_EVENT_BYTES) throw eventTooLarge(this.#source, this.line, "an operation");
  }

  end(): LoadedHistory {
    if (this.#window.left > this.#tooFew) this.#readAll();
    const warnings: string[] = [];
    if (this.#begun)
      warnings.push(`${this.#source}, line ${this.line}: the last operation was cut off and is left out`);
    else if (this.#inside)
      warnings.push(`${this.#source}, line ${this.line}: the history was cut off, its last bracket is missing`);
    const partner = checkRows(this.#rows, this.#source);
    return { columns: inOrder(this.#rows, partner), warnings };
  }

  /** Everything that is there as a whole. */
  #readAll(): void {
    const { tape } = this.#rows;
    const window = this.#window;
    const edn = this.#edn;
    edn.bytes = window.bytes;
    edn.end = window.end;
    edn.depth = 0;
    let tapeStart = tape.length;
    try {
      for (;;) {
        this.#begun = false;
        tapeStart = tape.length;
        this.#advance(edn.skipSpace(window.start));
        this.#begun = true;
        this.#advance(edn.skipTag(window.start));
        this.#advance(this.#readThing(window.start));
      }
    } catch (error) {
      if (error instanceof EdnError) throw this.#damaged(error);
      if (!(error instanceof EdnIncomplete)) throw error;
      tape.truncate(tapeStart);
      this.#tooFew = window.left;
    }
  }

  #damaged(error: EdnError): HistoryError {
    this.#advance(error.at);
    return new HistoryError(this.#source, this.line, error.message);
  }

  #advance(to: number): void {
    const { bytes, start } = this.#window;
    for (let at = start; at < to; at += 1) if (bytes[at] === LINE_END) this.line += 1;
    this.#window.start = to;
  }

  /** An event, or the bracket around all of them. @returns the position after it. */
  #readThing(at: number): number {
    const byte = this.#window.bytes[at] as number;
    if (byte === OPEN_MAP) return this.#readEvent(at);
    if (OPENING.includes(byte) && !this.#inside) {
      this.#inside = true;
      return at + 1;
    }
    if (CLOSING.includes(byte) && this.#inside) {
      this.#inside = false;
      return at + 1;
    }
    throw new EdnError(
      `an event is a map such as {:process 0, :type :invoke, :f :read, :value nil}; this begins with ${JSON.stringify(String.fromCharCode(byte))}`,
      at,
    );
  }

  #readEvent(at: number): number {
    const edn = this.#edn;
    const { tape } = this.#rows;
    const words = this.#words;
    words.clear();
    const row = { index: NaN, time: NaN, value: -1 };
    let position = edn.skipSpace(at + 1);
    while (this.#window.bytes[position] !== CLOSE_MAP) {
      const start = tape.length;
      const end = edn.value(position);
      const name = tape.isText(start) ? String(tape.scalar(tape.word(start))) : "";
      tape.truncate(start);
      position = edn.skipSpace(end);
      if (name === "value") {
        row.value = start;
        position = edn.value(position);
      } else if (name === "time" || name === "index") {
        row[name] = this.#numberAt(position, name);
        position = edn.skip(position);
      } else if (WORDS.has(name)) {
        position = edn.value(position);
        words.set(name, tape.isScalar(start) ? tape.word(start) : tape.textWord(JSON.stringify(tape.json(start))));
        tape.truncate(start);
      } else {
        position = edn.skip(position);
      }
      position = edn.skipSpace(position);
    }
    if (row.value === -1) {
      row.value = tape.length;
      tape.appendWord(NULL_WORD);
    }
    this.#rows.add(this.#complete(row, at), this.line);
    return position + 1;
  }

  /** @throws EdnError when a field is missing, or is not what it must be. */
  #complete(row: Pick<Row, "index" | "time" | "value">, at: number): Row {
    const { tape } = this.#rows;
    const scalar = (name: string): Json => tape.scalar(this.#words.get(name) ?? NULL_WORD);
    const wrong = (name: string, remedy: string): EdnError =>
      new EdnError(
        `${name} is ${this.#words.has(name) ? JSON.stringify(scalar(name)) : "missing"}; it must be ${remedy}`,
        at,
      );
    const process = scalar("process");
    if (!(typeof process === "string" ? process !== "" : Number.isSafeInteger(process)))
      throw wrong("process", "an integer, :nemesis, or a keyword");
    const type = scalar("type");
    if (typeof type !== "string" || !Object.hasOwn(TYPE, type)) throw wrong("type", ":invoke, :ok, :fail or :info");
    const f = scalar("f");
    if (typeof f !== "string" || f === "") throw wrong("f", "the name of what was done, such as :read");
    if (process === NEMESIS) checkNemesis(f, tape.json(row.value), at);
    return {
      ...row,
      process: process as string | number,
      type: TYPE[type as keyof typeof TYPE],
      f: this.#words.get("f") ?? NULL_WORD,
      error: this.#text("error"),
      node: this.#text("node"),
      worker: NULL_WORD,
      attempts: NULL_WORD,
    };
  }

  #text(name: string): number {
    const { tape } = this.#rows;
    const word = this.#words.get(name) ?? NULL_WORD;
    return word === NULL_WORD || typeof tape.scalar(word) === "string"
      ? word
      : tape.textWord(String(tape.scalar(word)));
  }

  /** NaN where it is nil, or -1 as Jepsen writes what it does not know. */
  #numberAt(at: number, name: "index" | "time"): number {
    const number = this.#edn.numberAt(at);
    if (number === -1) return NaN;
    if (
      number === undefined ||
      number < 0 ||
      (name === "index" && !Number.isNaN(number) && !Number.isSafeInteger(number))
    )
      throw new EdnError(
        `${name} is not ${name === "index" ? "an integer from 0" : "nanoseconds since the start of the run"}, and not left out`,
        at,
      );
    return number;
  }
}

const WORDS: ReadonlySet<string> = new Set(["process", "type", "f", "error", "node"]);

function checkNemesis(f: string, value: Json, at: number): void {
  try {
    checkNemesisValue(f, value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new EdnError(error.message, at);
  }
}
