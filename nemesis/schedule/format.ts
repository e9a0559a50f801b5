/** Faults of a plan as the text of a schedule: what `parse.ts` reads as the same faults. */
import type { Json } from "../../history/operation.ts";
import type { Barrier, FaultPlan, Moment, Sighting } from "../../history/plan.ts";
import { NO_OPTIONS, optionType, wordsOption } from "../fault-options.ts";
import type { DeclaredOptions } from "../fault-options.ts";
import { FAULT_KINDS, faultKind } from "../registry.ts";
import { formatDuration, formatName } from "./words.ts";

/** One line for each fault, with its name. */
export function formatSchedule(faults: readonly FaultPlan[]): string {
  return faults.map((fault) => `${formatFault(fault)}\n`).join("");
}

export function formatFault({ id, kind, options, start, end }: FaultPlan): string {
  const declared = FAULT_KINDS.includes(kind) ? faultKind(kind).options : NO_OPTIONS;
  const parts = [formatName(kind), ...formatOptions(options, declared), ...(end === undefined ? [] : [formatEnd(end)])];
  return `${formatName(id)}: ${formatStart(start)}: ${parts.join(" ")}`;
}

/** `at 3s`, `on acquire #5 +200ms`, `after cut healed when w1 reaches granted`. */
function formatStart(moment: Moment): string {
  const { after, on, afterMs, at } = moment;
  const begun = after !== undefined || on !== undefined;
  const time = afterMs === undefined ? [] : [begun ? `+${formatDuration(afterMs)}` : `at ${formatDuration(afterMs)}`];
  const parts = [...formatAfter(moment), ...formatSighting(on), ...time, ...formatBarrier(at)];
  return parts.length === 0 ? "at 0ms" : parts.join(" ");
}

/** `for 4s`, `until after cut healed`. */
function formatEnd(moment: Moment): string {
  const { after, on, afterMs, at } = moment;
  if (after === undefined && on === undefined && afterMs === undefined && at === undefined) return "for 0ms";
  if (after !== undefined || on !== undefined || afterMs === undefined) return `until ${formatStart(moment)}`;
  return [`for ${formatDuration(afterMs)}`, ...formatBarrier(at)].join(" ");
}

function formatAfter({ after }: Moment): string[] {
  return after === undefined ? [] : [`after ${formatName(after.fault)} ${after.stage}`];
}

function formatSighting(on: Sighting | undefined): string[] {
  if (on === undefined) return [];
  if ("primary" in on) return [`when ${formatName(on.primary)} becomes primary`];
  if ("clock" in on) return [`when ${formatName(on.clock)} counts ${formatDuration(on.passesMs)}`];
  const { event, type, worker, node, occurrence } = on;
  return [
    "on",
    ...(type === undefined ? [] : [type]),
    formatName(event),
    ...(worker === undefined ? [] : [`by ${formatName(worker)}`]),
    ...(node === undefined ? [] : [`from ${formatName(node)}`]),
    ...formatOccurrence(occurrence),
  ];
}

function formatBarrier(at: Barrier | undefined): string[] {
  if (at === undefined) return [];
  return [
    `when ${formatName(at.worker)} reaches ${formatName(at.point)}`,
    ...formatOccurrence(at.occurrence),
    ...(at.holdMs === undefined ? [] : [`holding ${formatDuration(at.holdMs)}`]),
    ...(at.holdUntilHealed === undefined ? [] : [`holding until ${formatName(at.holdUntilHealed)} healed`]),
  ];
}

function formatOccurrence(occurrence: number | undefined): string[] {
  return occurrence === undefined ? [] : [`#${occurrence}`];
}

type Options = FaultPlan["options"];

/** Whom it strikes, the short forms of a few options, and the others as they are called. */
function formatOptions(options: Options, declared: DeclaredOptions): string[] {
  const has = (name: string): boolean => optionType(declared, name) !== undefined;
  const left = new Map(Object.entries(options));
  const parts = formatWhom(left, has("shape"));
  const words = wordsOption(declared);
  const command = words === undefined ? undefined : left.get(words);
  // Bare words are read as what they are only after names.
  if (parts.length > 0 && words !== undefined && isTexts(command)) {
    parts.push(...command.map(formatName));
    left.delete(words);
  }
  const how = left.get("how");
  if (parts.length > 0 && words === undefined && has("how") && typeof how === "string") {
    parts.push(formatName(how));
    left.delete("how");
  }
  const companions = namesText(left.get("with"));
  if (companions !== undefined) {
    parts.push(`with ${companions}`);
    left.delete("with");
  }
  return [...parts, ...[...left].map(([name, value]) => `${formatName(name)}=${formatValue(value)}`)];
}

/** What `parseWhom` reads; takes the options that it tells from `left`. */
function formatWhom(left: Map<string, Json>, hasShape: boolean): string[] {
  const take = (...names: readonly string[]): void => names.forEach((name) => left.delete(name));
  const [from, to] = [namesText(left.get("from")), namesText(left.get("to"))];
  if (from !== undefined && to !== undefined) {
    const arrow = left.get("direction") === "forth" ? "->" : left.get("direction") === "back" ? "<-" : "<->";
    take("from", "to", ...(arrow === "<->" ? [] : ["direction"]));
    return [`${from} ${arrow} ${to}`];
  }
  const groups = left.get("groups");
  if (Array.isArray(groups) && groups.length > 1 && groups.every(isTexts)) {
    take("groups");
    return [groups.map((group) => group.map(formatParty).join(",")).join(" | ")];
  }
  const option = hasShape ? "shape" : "target";
  const names = namesText(left.get(option));
  if (names === undefined) return [];
  take(option);
  return [names];
}

/** Names with commas between them; undefined for what is not read back as the same, such as a list of one. */
function namesText(value: Json | undefined): string | undefined {
  if (typeof value === "string") return formatParty(value);
  return isTexts(value) && value.length > 1 ? value.map(formatParty).join(",") : undefined;
}

/** A name, or `PART of GROUP`. */
function formatParty(name: string): string {
  const [part, group, ...more] = name.split(" of ");
  if (part === undefined || group === undefined || more.length > 0) return formatName(name);
  const [first, second] = [formatName(part), formatName(group)];
  return first === part && second === group ? `${first} of ${second}` : JSON.stringify(name);
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
}

/** A text that begins with a digit would be read as a number or a duration. */
function formatValue(value: Json): string {
  return typeof value === "string" && !/^\d/.test(value) ? formatName(value) : JSON.stringify(value);
}
