/**
 * The messages of a history, in columns: who sent which, and who received which. Every message of a channel has a
 * number from 0, and every receiver too, so that ten million deliveries need no object each.
 */
import type { Columns } from "../../history/columns/columns.ts";
import { eventAt, NEMESIS_PROCESS, NO_PARTNER, TYPE } from "../../history/columns/columns.ts";
import { NULL_WORD } from "../../history/columns/tape.ts";
import type { History } from "../../history/history.ts";
import { textReader } from "../../history/vocabulary/read-columns.ts";
import type { TextReader } from "../../history/vocabulary/read-columns.ts";
import { PairTable } from "../kit/pair-table.ts";
import { who } from "../kit/words.ts";

/** `publish` for Pub/Sub and all that is put through the workload `delivery`, `add` for streams and jobs. */
export type SendKind = "publish" | "add";

/** How an operation ended; `info` stands for those without a completion as well. */
export type Ended = "ok" | "fail" | "info";

/** Attempts to send a message, by the time of their invocation. */
export interface Sends {
  /** Events: the invocations. */
  readonly call: Int32Array;
  readonly message: Int32Array;
}

/** Times that somebody got a message, by the time at which they did. */
export interface Deliveries {
  /** Events: the successful completions. */
  readonly event: Int32Array;
  readonly message: Int32Array;
  /** Their numbers in `Messages.receivers`. */
  readonly receiver: Int32Array;
}

export class Messages {
  readonly columns: Columns;
  /** Worker, or process, by its number. */
  readonly receivers: string[] = [];
  readonly #numbers = new PairTable(1_024);
  /** For each message, the indexes of its channel and of its text among those of the tape. */
  readonly #channels: number[] = [];
  readonly #texts: number[] = [];
  readonly #channelIn: TextReader;
  readonly #messageIn: TextReader;
  readonly #receiverOfWord = new Map<number, number>();
  readonly #receiverOfName = new Map<string, number>();

  constructor(history: History) {
    this.columns = history.columns;
    this.#channelIn = textReader(this.columns, "channel");
    this.#messageIn = textReader(this.columns, "message");
  }

  /** How many there are so far. */
  get size(): number {
    return this.#texts.length;
  }

  /** The index of the message's channel among the texts of the tape. */
  channelOf(message: number): number {
    return this.#channels[message] ?? 0;
  }

  /** `"<publisher>:<number>"` */
  text(message: number): string {
    return this.columns.tape.texts[this.#texts[message] ?? 0] ?? "";
  }

  channelName(message: number): string {
    return this.columns.tape.texts[this.channelOf(message)] ?? "";
  }

  /** The number of the message that an event names. @throws ValueError where it names none. */
  named(event: number): number {
    return this.numberIn(this.#channelIn(event), this.#messageIn(event));
  }

  /** The number of a message, which may be new. Both are indexes of texts of the tape. */
  numberIn(channel: number, text: number): number {
    const number = this.#numbers.getOrSet(channel, text, this.#texts.length);
    if (number === this.#texts.length) {
      this.#channels.push(channel);
      this.#texts.push(text);
    }
    return number;
  }

  /** The number of the worker that recorded an event. */
  receiverOf(event: number): number {
    const word = this.columns.details?.worker?.[event] ?? NULL_WORD;
    const known = word === NULL_WORD ? undefined : this.#receiverOfWord.get(word);
    if (known !== undefined) return known;
    const name = who(eventAt(this.columns, event));
    let receiver = this.#receiverOfName.get(name);
    if (receiver === undefined) {
      receiver = this.receivers.push(name) - 1;
      this.#receiverOfName.set(name, receiver);
    }
    if (word !== NULL_WORD) this.#receiverOfWord.set(word, receiver);
    return receiver;
  }

  sends(kind: SendKind): Sends {
    const call = this.calls(kind);
    return { call, message: call.map((event) => this.named(event)) };
  }

  /** The channels of what was sent, as `channelOf` gives them. */
  channelsOf(kind: SendKind): ReadonlySet<number> {
    return new Set(this.calls(kind).map((call) => this.#channelIn(call)));
  }

  deliveries(): Deliveries {
    const event = this.#events("deliver", TYPE.ok);
    return {
      event,
      message: event.map((each) => this.named(each)),
      receiver: event.map((each) => this.receiverOf(each)),
    };
  }

  /** The invocations of a client's operations of this name, in order. */
  calls(f: string): Int32Array {
    return this.#events(f, TYPE.invoke);
  }

  /** The event that completed what an invocation began, or `NO_PARTNER`; and the other way round. */
  partner(event: number): number {
    return this.columns.partner[event] ?? NO_PARTNER;
  }

  time(event: number): number {
    return this.columns.time[event] ?? 0;
  }

  /** When an operation ended; Infinity where that is not recorded. */
  endOf(call: number): number {
    const end = this.partner(call);
    return end === NO_PARTNER ? Infinity : this.time(end);
  }

  outcome(call: number): Ended {
    const end = this.partner(call);
    const type = end === NO_PARTNER ? TYPE.info : this.columns.type[end];
    if (type === TYPE.ok) return "ok";
    return type === TYPE.fail ? "fail" : "info";
  }

  /** Those of a client's operations; completions only where their invocation is known. */
  #events(f: string, type: number): Int32Array {
    const { columns } = this;
    const name = columns.names.indexOf(f);
    const isOne = (i: number): boolean =>
      columns.f[i] === name &&
      columns.type[i] === type &&
      columns.process[i] !== NEMESIS_PROCESS &&
      (type === TYPE.invoke || columns.partner[i] !== NO_PARTNER);
    let count = 0;
    for (let i = 0; i < columns.length; i += 1) if (isOne(i)) count += 1;
    const events = new Int32Array(count);
    count = 0;
    for (let i = 0; i < columns.length; i += 1) {
      if (!isOne(i)) continue;
      events[count] = i;
      count += 1;
    }
    return events;
  }
}

/** Publisher and number of a message; undefined where it is not of the form `"<publisher>:<number>"`. */
export function numbered(message: string): { publisher: string; number: number } | undefined {
  const colon = message.lastIndexOf(":");
  const digits = message.slice(colon + 1);
  return colon > 0 && /^\d+$/.test(digits) ? { publisher: message.slice(0, colon), number: Number(digits) } : undefined;
}

/** One text per channel and message. */
export function identity({ channel, message }: { readonly channel: string; readonly message: string }): string {
  return `${channel.length}:${channel}${message}`;
}
