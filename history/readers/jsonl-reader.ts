/** Reads JSON lines (`line.ts`) into columns. */
import { ByteWindow } from "./byte-window.ts";
import { checkRows } from "./check-rows.ts";
import { TYPE } from "../columns/columns.ts";
import { isTooDeep } from "./depth.ts";
import { EventBytes } from "./event-bytes.ts";
import { HistoryError, eventTooLarge } from "../history-error.ts";
import type { HistoryReader, LoadedHistory } from "./history-reader.ts";
import { MOST_DEPTH, MOST_EVENT_BYTES } from "../limits.ts";
import { parseLine } from "../line.ts";
import type { ParsedLine } from "../line.ts";
import { inOrder } from "./order-rows.ts";
import { Rows } from "../columns/rows.ts";
import type { Row } from "../columns/rows.ts";
import { NULL_WORD } from "../columns/tape.ts";

const LINE_END = 0x0a;

export class JsonlReader implements HistoryReader {
  readonly #source: string;
  readonly #window = new ByteWindow();
  readonly #rows = new Rows();
  readonly #event = new EventBytes(this.#rows.tape);
  readonly #warnings: string[] = [];
  line = 1;
  #roundedBefore = false;

  /** @param source stands for the file in messages. */
  constructor(source: string) {
    this.#source = source;
  }

  get words(): number {
    return this.#rows.tape.length;
  }

  push(piece: Uint8Array): void {
    const window = this.#window;
    const searched = window.end - window.start;
    window.push(piece);
    const { bytes, end } = window;
    let start = 0;
    for (let at = bytes.indexOf(LINE_END, searched); at < end; at = bytes.indexOf(LINE_END, start)) {
      this.#read(start, at, true);
      start = at + 1;
    }
    window.start = start;
    if (window.left > MOST_EVENT_BYTES) throw eventTooLarge(this.#source, this.line, "a line");
  }

  end(): LoadedHistory {
    const { start, end } = this.#window;
    if (start < end) this.#read(start, end, false);
    const partner = checkRows(this.#rows, this.#source);
    return { columns: inOrder(this.#rows, partner), warnings: this.#warnings };
  }

  #read(start: number, end: number, ended: boolean): void {
    const { bytes } = this.#window;
    if (this.#event.read(bytes, start)) {
      this.#add(this.#event);
      if (this.#event.json.rounded !== undefined && !this.#roundedBefore)
        this.#warnOfRounding(this.#event.json.rounded);
    } else {
      const text = bytes.toString("utf8", start, end);
      if (text.trim() !== "") this.#readText(text, ended);
    }
    this.line += 1;
  }

  #readText(text: string, ended: boolean): void {
    let parsed: ParsedLine;
    try {
      parsed = parseLine(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      if (ended || isTooDeep(text, MOST_DEPTH + 1) || isJson(text))
        throw new HistoryError(this.#source, this.line, error.message);
      this.#warnings.push(`${this.#source}, line ${this.line}: the last line was cut off and is left out`);
      return;
    }
    this.#add(this.#rowOf(parsed));
  }

  #rowOf({ index = NaN, time = NaN, process, type, f, value, error, node, worker, attempts }: ParsedLine): Row {
    const { tape } = this.#rows;
    return {
      index,
      time,
      process,
      type: TYPE[type],
      f: tape.textWord(f),
      value: tape.append(value),
      error: error === undefined ? NULL_WORD : tape.textWord(error),
      node: node === undefined ? NULL_WORD : tape.textWord(node),
      worker: worker === undefined ? NULL_WORD : tape.textWord(worker),
      attempts: attempts === undefined ? NULL_WORD : tape.numberWord(attempts),
    };
  }

  #add(row: Row): void {
    try {
      this.#rows.add(row, this.line);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new HistoryError(this.#source, this.line, error.message);
    }
  }

  /** Two numbers that differ in the file may now be the same. */
  #warnOfRounding(written: string): void {
    this.#roundedBefore = true;
    this.#warnings.push(
      `${this.#source}, line ${this.line}: ${written} is more than a JSON number holds exactly, and was rounded; write such values as texts`,
    );
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
