/** Transactions, keys and values in words. */
import type { Json } from "../../../history/operation.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NEVER, NONE, NO_INVOCATION } from "../transactions/transactions.ts";

const LONGEST = 160;
/** Longer lists are shown with their end only: that is what orders versions. */
const LONGEST_LIST = 100;

export class Words {
  readonly #transactions: Transactions;

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
  }

  /** The event that stands for a transaction: its completion, or its invocation where nothing more is known. */
  event(t: number): number {
    const { completed, invoked } = this.#transactions;
    return completed[t] === NEVER ? (invoked[t] as number) : (completed[t] as number);
  }

  /** What a transaction did, as a list of micro-operations. */
  value(t: number): Json {
    const { columns, invoked } = this.#transactions;
    const value = columns.tape.json(columns.value[this.event(t)] as number);
    return ending(
      Array.isArray(value) || invoked[t] === NO_INVOCATION
        ? value
        : columns.tape.json(columns.value[invoked[t] as number] as number),
    );
  }

  /** Such as `[["append","x",1]] (process 3, event 17)`. */
  transaction(t: number): string {
    const { columns } = this.#transactions;
    const event = this.event(t);
    const line = columns.line?.[event];
    const place = line === undefined ? `event ${event}` : `line ${line}`;
    return `${short(this.value(t))} (process ${columns.process[event]}, ${place})`;
  }

  /** The key of a micro-operation. */
  key(m: number): Json {
    const { columns, keyWords, key } = this.#transactions;
    return columns.tape.scalar(keyWords[key[m] as number] as number);
  }

  /** What a micro-operation wrote or read. */
  result(m: number): Json {
    const { columns, value } = this.#transactions;
    return value[m] === NONE ? null : ending(columns.tape.json(value[m] as number));
  }
}

/** The value with the ends of its long lists. */
function ending(value: Json): Json {
  if (!Array.isArray(value)) return value;
  const items = value as readonly Json[];
  if (items.length <= LONGEST_LIST) return items.map(ending);
  return [`… ${items.length - LONGEST_LIST} more`, ...items.slice(-LONGEST_LIST).map(ending)];
}

/** A value as JSON text, cut where it is long. */
export function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
