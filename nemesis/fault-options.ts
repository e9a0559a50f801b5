/** What options a kind of fault has, as data: for plans that are written by hand, which can then be refused before anything starts. */
import type { Json } from "../history/operation.ts";

/**
 * - `names`: a target's words (`nemesis/targets.ts`), one or several,
 * - `number`, `flag` (true or false), `text`,
 * - `range`: one whole number, or [lowest, highest],
 * - `words`: a text or a list of texts, such as a command with its arguments,
 * - `groups`: a list of lists of names,
 * - a list: one of these texts.
 */
export type OptionType = "names" | "number" | "flag" | "text" | "range" | "words" | "groups" | readonly string[];

export interface DeclaredOptions {
  /** Without these there is no such fault. */
  readonly required?: { readonly [name: string]: OptionType };
  readonly optional?: { readonly [name: string]: OptionType };
}

/** The type of an option; undefined where the kind has none of this name. */
export function optionType(declared: DeclaredOptions, name: string): OptionType | undefined {
  const { required = {}, optional = {} } = declared;
  if (Object.hasOwn(required, name)) return required[name];
  return Object.hasOwn(optional, name) ? optional[name] : undefined;
}

/** The option that is given as bare words, where the kind has one: the first of its `words`, those that are required first. */
export function wordsOption({ required = {}, optional = {} }: DeclaredOptions): string | undefined {
  return [...Object.entries(required), ...Object.entries(optional)].find(([, type]) => type === "words")?.[0];
}

/** All names of options, those that are required first. */
export function optionNames({ required = {}, optional = {} }: DeclaredOptions): string[] {
  return [...Object.keys(required), ...Object.keys(optional)];
}

/** What would be right in the place of a value that is not of this type, as the end of a sentence; undefined where it is right. */
export function wantedInstead(type: OptionType, value: Json): string | undefined {
  if (typeof type !== "string")
    return typeof value === "string" && type.includes(value) ? undefined : `one of ${type.join(", ")}`;
  const { fits, wanted } = TYPES[type];
  return fits(value) ? undefined : wanted;
}

const isText = (value: Json): value is string => typeof value === "string";
const isTexts = (value: Json): boolean => Array.isArray(value) && value.length > 0 && value.every(isText);

const TYPES: Readonly<Record<Extract<OptionType, string>, { fits: (value: Json) => boolean; wanted: string }>> = {
  names: { fits: (value) => isText(value) || isTexts(value), wanted: "a name or a list of names" },
  number: { fits: (value) => typeof value === "number", wanted: "a number" },
  flag: { fits: (value) => typeof value === "boolean", wanted: "true or false" },
  text: { fits: isText, wanted: "a text" },
  range: {
    fits: (value) =>
      Number.isInteger(value) || (Array.isArray(value) && value.length === 2 && value.every(Number.isInteger)),
    wanted: "a whole number or a range [lowest,highest]",
  },
  words: { fits: (value) => isText(value) || isTexts(value), wanted: "a text or a list of texts" },
  groups: {
    fits: (value) => Array.isArray(value) && value.length > 1 && value.every(isTexts),
    wanted: "a list of at least two lists of names",
  },
};
