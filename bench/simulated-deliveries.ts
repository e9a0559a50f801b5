/** Histories of one publisher and many consumers, straight into columns: no event is ever an object. */
import type { Columns } from "../history/columns/columns.ts";
import { NEMESIS_PROCESS, NO_PARTNER, TYPE } from "../history/columns/columns.ts";
import { NULL_WORD, Tape } from "../history/columns/tape.ts";
import type { Json } from "../history/operation.ts";

export interface DeliverySimulation {
  readonly messages: number;
  readonly consumers: number;
  /** `each`: every consumer gets every message. `group`: one of them does, in turns, and acknowledges it. */
  readonly audience: "each" | "group";
}

const STEP_NS = 1_000;
/** At most, but for the few events of the nemesis. */
const WORDS_OF_A_VALUE = 6;

/** A link of another worker is cut and healed within the first hundredth of the messages, and nothing is lost by it. */
export function simulatedDeliveries({ messages, consumers, audience }: DeliverySimulation): Columns {
  const perMessage = audience === "each" ? 2 + 2 * consumers : 6;
  const length = messages * perMessage + 2 * consumers + 5;
  const writing = new Writing(length, length * WORDS_OF_A_VALUE);
  writing.nemesis("phase", { phase: "load" });
  for (let i = 0; i < consumers; i += 1) writing.operation(i + 1, "subscribe", NULL_WORD, NULL_WORD);
  for (let number = 1; number <= messages; number += 1) {
    const message = writing.tape.textWord(`w0:${number}`);
    if (number === Math.ceil(messages / 200)) writing.fault("inject");
    if (number === Math.ceil(messages / 100)) writing.fault("healed");
    writing.operation(0, "publish", message, message);
    if (audience === "each") {
      for (let i = 0; i < consumers; i += 1) writing.operation(i + 1, "deliver", NULL_WORD, message);
    } else {
      writing.operation(1 + (number % consumers), "deliver", NULL_WORD, message);
      writing.operation(1 + (number % consumers), "ack", message, message);
    }
  }
  writing.nemesis("phase", { phase: "heal" });
  writing.nemesis("phase", { phase: "final" });
  return writing.columns;
}

class Writing {
  readonly tape: Tape;
  readonly columns: Columns & { readonly names: string[] };
  readonly #worker: Int32Array;
  readonly #channelName: number;
  readonly #messageName: number;
  readonly #channel: number;
  #at = 0;

  constructor(length: number, words: number) {
    this.tape = new Tape(words);
    this.#channelName = this.tape.textWord("channel");
    this.#messageName = this.tape.textWord("message");
    this.#channel = this.tape.textWord("events");
    this.#worker = new Int32Array(length).fill(NULL_WORD);
    this.columns = {
      length,
      time: new Float64Array(length),
      process: new Int32Array(length),
      type: new Uint8Array(length),
      f: new Uint16Array(length),
      names: [],
      value: new Int32Array(length),
      tape: this.tape,
      partner: new Int32Array(length).fill(NO_PARTNER),
      details: { worker: this.#worker },
    };
  }

  /** @param asked, got words of the message in the invocation and in the completion; `NULL_WORD` for none. */
  operation(worker: number, f: string, asked: number, got: number): void {
    const invoke = this.#event(worker, TYPE.invoke, f, this.#value(asked));
    const end = this.#event(worker, TYPE.ok, f, this.#value(got));
    this.#worker[invoke] = this.tape.textWord(`w${worker}`);
    this.#worker[end] = this.#worker[invoke] ?? NULL_WORD;
    this.columns.partner[invoke] = end;
    this.columns.partner[end] = invoke;
  }

  nemesis(f: string, value: Json): void {
    this.#event(NEMESIS_PROCESS, TYPE.info, f, this.tape.append(value));
  }

  fault(stage: "inject" | "healed"): void {
    this.nemesis("link", { fault: "link", stage, target: ["w99"], title: "cut w99" });
  }

  #event(process: number, type: number, f: string, value: number): number {
    const at = this.#at;
    this.#at += 1;
    const known = this.columns.names.indexOf(f);
    this.columns.time[at] = at * STEP_NS;
    this.columns.process[at] = process;
    this.columns.type[at] = type;
    this.columns.f[at] = known === -1 ? this.columns.names.push(f) - 1 : known;
    this.columns.value[at] = value;
    return at;
  }

  #value(message: number): number {
    const at = this.tape.beginObject(message === NULL_WORD ? 1 : 2);
    this.tape.appendWord(this.#channelName);
    this.tape.appendWord(this.#channel);
    if (message !== NULL_WORD) {
      this.tape.appendWord(this.#messageName);
      this.tape.appendWord(message);
    }
    this.tape.end(at);
    return at;
  }
}
