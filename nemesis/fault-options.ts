/**
 * What options a kind of fault has: one strict object beside its code. Plans are checked by it before anything
 * starts, schedules are read, and the pages are made.
 */
import { z } from "zod";
import type { Json } from "../history/operation.ts";

/** How an option is written in a schedule, and what stands in a sentence about a wrong one. */
interface Word {
  /** Absent for what a schedule writes only as `name=value`. */
  readonly word?: Exclude<OptionType, readonly string[]>;
  readonly wanted: string;
}

/**
 * - `names`: a target's words (`nemesis/targets.ts`), one or several,
 * - `number`, `flag` (true or false), `text`,
 * - `range`: one whole number, or [lowest, highest],
 * - `words`: a text or a list of texts, such as a command with its arguments,
 * - `groups`: a list of lists of names,
 * - a list: one of these texts.
 */
export type OptionType = "names" | "number" | "flag" | "text" | "range" | "words" | "groups" | readonly string[];

/** The options of one kind of fault. */
export type DeclaredOptions = z.ZodObject<{ readonly [name: string]: z.ZodType }, z.core.$strict>;

const WORDS = z.registry<Word>();

/** An option for which a sentence about a wrong value says what is wanted instead. */
export function wanting<Schema extends z.ZodType>(schema: Schema, wanted: string): Schema {
  WORDS.add(schema, { wanted });
  return schema;
}

function worded<Schema extends z.ZodType>(schema: Schema, word: NonNullable<Word["word"]>, wanted: string): Schema {
  WORDS.add(schema, { word, wanted });
  return schema;
}

const texts = z.array(z.string()).min(1).readonly();

export const names = worded(z.union([z.string(), texts]), "names", "a name or a list of names");
export const number = worded(z.number(), "number", "a number");
export const flag = worded(z.boolean(), "flag", "true or false");
export const text = worded(z.string(), "text", "a text");
export const range = worded(
  z.union([z.int(), z.tuple([z.int(), z.int()]).readonly()]),
  "range",
  "a whole number or a range [lowest,highest]",
);
export const words = worded(z.union([z.string(), texts]), "words", "a text or a list of texts");
export const groups = worded(z.array(texts).min(2).readonly(), "groups", "a list of at least two lists of names");

/** Those of a kind that does not exist. */
export const NO_OPTIONS: DeclaredOptions = z.strictObject({});

/** Every fault may have one: what it draws is drawn from it. */
const SEED = number;

/** The type of an option; undefined where the kind has none of this name. */
export function optionType(declared: DeclaredOptions, name: string): OptionType | undefined {
  const field = Object.hasOwn(declared.shape, name) ? fieldNamed(declared, name) : undefined;
  if (field === undefined) return undefined;
  return field instanceof z.ZodEnum ? field.options.map(String) : WORDS.get(field)?.word;
}

/** Whether a plan may give it to such a fault. */
export function takesOption(declared: DeclaredOptions, name: string): boolean {
  return fieldNamed(declared, name) !== undefined;
}

/**
 * The option that is given as bare words, where the kind has one: the first of its `words`, those that are required
 * first.
 */
export function wordsOption(declared: DeclaredOptions): string | undefined {
  return optionNames(declared).find((name) => optionType(declared, name) === "words");
}

/** All names of options, those that are required first. */
export function optionNames(declared: DeclaredOptions): string[] {
  const all = Object.keys(declared.shape);
  const required = requiredOptions(declared);
  return [...required, ...all.filter((name) => !required.includes(name))];
}

/** Without these there is no such fault. */
export function requiredOptions({ shape }: DeclaredOptions): string[] {
  return Object.keys(shape).filter((name) => !(shape[name] instanceof z.ZodOptional));
}

/** What would be right in the place of a value that does not fit, as the end of a sentence; undefined where it fits. */
export function wantedInstead(declared: DeclaredOptions, name: string, value: Json): string | undefined {
  const field = fieldNamed(declared, name);
  if (field === undefined || field.safeParse(value).success) return undefined;
  return field instanceof z.ZodEnum ? `one of ${field.options.join(", ")}` : WORDS.get(field)?.wanted;
}

function fieldNamed({ shape }: DeclaredOptions, name: string): z.ZodType | undefined {
  const field = Object.hasOwn(shape, name) ? shape[name] : name === "seed" ? SEED : undefined;
  return field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : field;
}
