/** Reads what a step of a schedule does: the kind of fault, whom it strikes, and its options. */
import type { Json } from "../../history/operation.ts";
import type { FaultKind } from "../fault.ts";
import { optionNames, optionType, requiredOptions, takesOption, wantedInstead, wordsOption } from "../fault-options.ts";
import type { DeclaredOptions } from "../fault-options.ts";
import { FAULT_KINDS, faultKind } from "../registry.ts";
import type { Scanner } from "./scanner.ts";
import { durationMs } from "./words.ts";

export interface ParsedFault {
  readonly kind: string;
  readonly options: { readonly [name: string]: Json };
}

/** Which way a fault of links goes; without a direction the kind decides. */
const ARROWS: readonly (readonly [arrow: string, direction: string | undefined])[] = [
  ["<->", undefined],
  ["->", "forth"],
  ["<-", "back"],
];

export function parseFault(scanner: Scanner): ParsedFault {
  const word = scanner.takeWord();
  if (word === undefined) throw scanner.wrongHere("the kind of a fault");
  if (!FAULT_KINDS.includes(word.text)) throw scanner.unknown("fault", word, FAULT_KINDS);
  const options = new OptionList(scanner, faultKind(word.text));
  if (!startsRest(scanner)) parseWhom(scanner, options);
  while (!scanner.atEndOfStep && !scanner.isKeyword("for", "until")) parseOption(scanner, options);
  return { kind: word.text, options: options.finished(word.offset) };
}

/** Whether no names come next. */
function startsRest(scanner: Scanner): boolean {
  return scanner.atEndOfStep || scanner.isKeyword("for", "until", "with") || scanner.atOption;
}

/** `w1,w2` · `w1 -> n1` · `n1,w1 | n2,rest` · `isolate-primary`. */
function parseWhom(scanner: Scanner, options: OptionList): void {
  const offset = scanner.offset;
  const names = parseNames(scanner);
  const arrow = ARROWS.find(([symbol]) => scanner.takeKeyword(symbol));
  if (arrow !== undefined) {
    const [, direction] = arrow;
    options.set("from", oneOrAll(names), offset);
    options.set("to", oneOrAll(parseNames(scanner)), offset);
    if (direction !== undefined) options.set("direction", direction, offset);
    return;
  }
  if (!scanner.take("|")) {
    options.set(options.has("shape") ? "shape" : "target", oneOrAll(names), offset);
    return;
  }
  const groups = [names];
  do groups.push(parseNames(scanner));
  while (scanner.take("|"));
  options.set("groups", groups, offset);
}

/** `with NAMES`, `NAME=VALUE`, or a bare word: how a link is impaired, or a part of a command. */
function parseOption(scanner: Scanner, options: OptionList): void {
  if (scanner.atOption) {
    const name = scanner.takeWord();
    scanner.expect("=", `"="`);
    const offset = scanner.offset;
    if (name !== undefined) options.set(name.text, inMilliseconds(name.text, scanner.value()), name.offset, offset);
    return;
  }
  const offset = scanner.offset;
  if (scanner.takeKeyword("with")) {
    options.set("with", oneOrAll(parseNames(scanner)), offset);
    return;
  }
  const words = options.words;
  const word = scanner.takeWord();
  if (word === undefined) throw scanner.wrongHere("an option such as name=value, for or until");
  if (words !== undefined) options.append(words, word.text, word.offset);
  else if (options.has("how")) options.set("how", word.text, word.offset);
  else
    throw scanner.error(
      `${JSON.stringify(word.text)} has no meaning here; options are written name=value, and the end of the fault for 2s or until …`,
      word.offset,
    );
}

/** Names with commas between them; a name may be `minority of replicas`. */
function parseNames(scanner: Scanner): string[] {
  const names: string[] = [];
  do {
    const name = scanner.name("a name");
    names.push(scanner.takeKeyword("of") ? `${name} of ${scanner.name("the name of a group")}` : name);
  } while (scanner.take(","));
  return names;
}

function oneOrAll(names: readonly string[]): Json {
  const [first] = names;
  return names.length === 1 && first !== undefined ? first : names;
}

/** Options whose names end with Ms are milliseconds, and may be written as durations. */
function inMilliseconds(name: string, value: Json): Json {
  if (typeof value !== "string" || !name.endsWith("Ms")) return value;
  return durationMs(value) ?? value;
}

/** The options of one fault, which are those that its kind has, each once. */
class OptionList {
  readonly #scanner: Scanner;
  readonly #kind: string;
  readonly #declared: DeclaredOptions;
  readonly #values = new Map<string, Json>();

  constructor(scanner: Scanner, { kind, options }: FaultKind) {
    this.#scanner = scanner;
    this.#kind = kind;
    this.#declared = options;
  }

  /** Whether the kind says that it has such an option. */
  has(name: string): boolean {
    return optionType(this.#declared, name) !== undefined;
  }

  /** The option that takes bare words, where the kind has one. */
  get words(): string | undefined {
    return wordsOption(this.#declared);
  }

  set(name: string, value: Json, offset: number, valueOffset = offset): void {
    if (this.#values.has(name)) throw this.#scanner.error(`the option ${JSON.stringify(name)} is given twice`, offset);
    const declared = this.#declared;
    if (!takesOption(declared, name))
      throw this.#scanner.unknown(`option of ${this.#kind}`, { text: name, offset }, optionNames(declared));
    const wanted = wantedInstead(declared, name, value);
    if (wanted !== undefined)
      throw this.#scanner.error(
        `the option ${JSON.stringify(name)} of ${this.#kind} is ${wanted}, not ${JSON.stringify(value)}`,
        valueOffset,
      );
    this.#values.set(name, value);
  }

  append(name: string, word: string, offset: number): void {
    const before = this.#values.get(name);
    this.#values.delete(name);
    this.set(name, [...(Array.isArray(before) ? (before as Json[]) : []), word], offset);
  }

  /** @param offset where the fault stands, for what is missing */
  finished(offset: number): { [name: string]: Json } {
    const missing = requiredOptions(this.#declared).filter((name) => !this.#values.has(name));
    if (missing.length > 0)
      throw this.#scanner.error(
        `${this.#kind} needs ${missing.map((name) => JSON.stringify(name)).join(" and ")}`,
        offset,
      );
    return Object.fromEntries(this.#values);
  }
}
