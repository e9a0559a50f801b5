/** What may come next in the text of a schedule, for completion in a shell: made of the kinds of faults themselves. */
import { optionNames } from "../fault-options.ts";
import { FAULT_KINDS, faultKind } from "../registry.ts";

/** Beginnings of a moment, and what they wait for. */
const MOMENTS: readonly (readonly [word: string, what: string])[] = [
  ["at ", "so long after the load began, such as at 1s"],
  ["on ", "an event, such as on acquire #5"],
  ["when ", "a new primary, a clock, or a worker at a barrier"],
  ["after ", "another step, such as after cut healed"],
];
const ENDS: readonly (readonly [word: string, what: string])[] = [
  ["for ", "how long, such as for 2s"],
  ["until ", "a moment, or until healed"],
];

/** A step that has come as far as its fault: all before the fault, the fault's kind, and its options. */
const FAULT = /^(.*(?:^|[;\n])\s*(?:[\w-]+:\s+)?(?:at|on|when|after)\s[^:;\n]*:\s+)([\w-]*)(\s[^;\n]*)?$/s;
/** A step that has not begun yet. */
const NOTHING_YET = /^(?:.*[;\n])?\s*$/s;

/** Whole texts that continue `text`, with what the last word of each means. */
export function nextInSchedule(text: string): (readonly [text: string, what: string])[] {
  if (NOTHING_YET.test(text)) return MOMENTS.map(([word, what]) => [`${text}${word}`, what]);
  const [, before, kind, options] = FAULT.exec(text) ?? [];
  if (before === undefined || kind === undefined) return [];
  if (options === undefined)
    return FAULT_KINDS.filter((name) => name.startsWith(kind)).map((name) => [`${before}${name}`, "a kind of fault"]);
  if (!FAULT_KINDS.includes(kind)) return [];
  const declared = faultKind(kind).options;
  const written = `${before}${kind}${options.replace(/\S*$/, "")}`;
  const isFree = (name: string): boolean => !options.includes(` ${name}=`);
  return [
    ...optionNames(declared)
      .filter(isFree)
      .map((name) => [`${written}${name}=`, declared.shape[name]?.description ?? `an option of ${kind}`] as const),
    ...ENDS.map(([word, what]) => [`${written}${word}`, what] as const),
  ];
}
