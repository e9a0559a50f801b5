/** The lists of micro-operations on the tape: where that of each transaction stands, and what is right in it. */
import type { Columns } from "../../../history/columns/columns.ts";
import { TYPE } from "../../../history/columns/columns.ts";
import type { Tape } from "../../../history/columns/tape.ts";
import { MisuseError } from "../../analysis.ts";
import type { Pairs } from "./pairs.ts";
import { NO_INVOCATION } from "./transactions.ts";

export class OperationLists {
  /** The words of what a micro-operation is called. */
  readonly readWord: number;
  readonly writeWord: number;
  readonly #columns: Columns;
  readonly #pairs: Pairs;
  readonly #tape: Tape;
  readonly #write: string;

  /** @param write what a micro-operation is called that writes. */
  constructor(columns: Columns, pairs: Pairs, write: string) {
    this.#columns = columns;
    this.#pairs = pairs;
    this.#tape = columns.tape;
    this.#write = write;
    this.readWord = columns.tape.textWord("r");
    this.writeWord = columns.tape.textWord(write);
  }

  /** The event with the list: an `ok` has the results, of all others only what was asked for is known. */
  eventOf(transaction: number): number {
    const { invoked, completed, outcome } = this.#pairs;
    return outcome[transaction] === TYPE.ok || invoked[transaction] === NO_INVOCATION
      ? (completed[transaction] as number)
      : (invoked[transaction] as number);
  }

  /** Where the list stands. @throws MisuseError when the event is no transaction. */
  of(transaction: number): number {
    const { names, f, value } = this.#columns;
    const event = this.eventOf(transaction);
    const name = names[f[event] as number];
    if (name !== "txn")
      throw this.#misuse(`f is ${JSON.stringify(name)}; this model knows only transactions, f "txn"`, event);
    const at = value[event] as number;
    if (this.#tape.isArray(at)) return at;
    throw this.#misuse(
      `the value of a transaction is a list of micro-operations, such as [["${this.#write}","x",1],["r","x",null]], not ${this.#shown(at)}`,
      event,
    );
  }

  /** Whether the micro-operation writes. @throws MisuseError when it is none. */
  isWrite(at: number, event: number): boolean {
    const tape = this.#tape;
    const f = tape.first(at);
    const word = tape.word(f);
    const isWrite = word === this.writeWord;
    if (!tape.isArray(at) || tape.count(at) !== 3 || (!isWrite && word !== this.readWord))
      throw this.#misuse(
        `${this.#shown(at)} is no micro-operation; it must be ["${this.#write}", key, value] or ["r", key, result]`,
        event,
      );
    if (!tape.isScalar(f + 1)) throw this.#misuse(`the key ${this.#shown(f + 1)} is not a number or a text`, event);
    if (isWrite && !tape.isScalar(f + 2))
      throw this.#misuse(
        `${this.#shown(at)} writes ${this.#shown(f + 2)}, which is not a number, a text, true, false or null; written values must be told apart`,
        event,
      );
    return isWrite;
  }

  /**
   * Makes sure that an `ok` answers what was asked, and that its writes are those of the invocation.
   * @throws MisuseError when it does not.
   */
  requireAnswer(transaction: number): void {
    const { value } = this.#columns;
    const event = this.#pairs.completed[transaction] as number;
    const asked = value[this.#pairs.invoked[transaction] as number] as number;
    const answered = value[event] as number;
    if (this.#tape.isNull(asked) || this.#answers(asked, answered)) return;
    throw this.#misuse(
      `the completion ${this.#shown(answered)} does not answer what was asked, ${this.#shown(asked)}: keys and written values must be the same`,
      event,
    );
  }

  #answers(asked: number, answered: number): boolean {
    const tape = this.#tape;
    if (!tape.isArray(asked) || tape.count(asked) !== tape.count(answered)) return false;
    let [a, b] = [tape.first(asked), tape.first(answered)];
    for (let left = tape.count(answered); left > 0; left -= 1) {
      const [f, g] = [tape.first(a), tape.first(b)];
      if (!tape.isArray(a) || tape.count(a) !== 3) return false;
      if (tape.word(f) !== tape.word(g) || tape.word(f + 1) !== tape.word(g + 1)) return false;
      if (tape.word(g) === this.writeWord && tape.word(f + 2) !== tape.word(g + 2)) return false;
      a = tape.next(a);
      b = tape.next(b);
    }
    return true;
  }

  #misuse(problem: string, event: number): MisuseError {
    return new MisuseError(problem, event, this.#columns);
  }

  #shown(at: number): string {
    const text = JSON.stringify(this.#tape.json(at));
    return text.length > 120 ? `${text.slice(0, 120)}…` : text;
  }
}
