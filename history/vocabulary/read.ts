/**
 * Reading the values of events, which may be anything in the history of another tool. The names of the fields are those
 * of the declarations beside this file: what no workload writes cannot be asked for.
 *
 * `…In` gives undefined where the field is not of its type; `…Field` throws a `ValueError`. None guesses.
 */
import type { HistoryEvent, Json } from "../operation.ts";
import { RedquakeError } from "../../machine/redquake-error.ts";
import type { FieldName, FlagName, ListName, NumberName, TextName } from "./vocabularies.ts";

/** An event's value does not have the shape that its `f` calls for. */
export class ValueError extends RedquakeError {
  override readonly name = "ValueError";
  readonly code = "REDQUAKE_EVENT_VALUE";
  readonly origin = "call";
  /** Index of the event. */
  readonly event: number;

  constructor(event: HistoryEvent, wanted: string) {
    super(
      `event ${event.index} (${event.type} of ${event.f}) has the value ${shortened(JSON.stringify(event.value))}; it should have ${wanted}`,
    );
    this.event = event.index;
  }
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** An event of a whole history, or one that is still being written. */
type Valued = Pick<HistoryEvent, "value">;

export type Fields = { readonly [key: string]: Json };

export function isFields(value: Json): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The field's value, or undefined where the value has no such field. */
export function fieldOf({ value }: Valued, name: FieldName): Json | undefined {
  return isFields(value) ? value[name] : undefined;
}

export function textIn(event: Valued, name: TextName): string | undefined {
  const value = fieldOf(event, name);
  return typeof value === "string" ? value : undefined;
}

export function numberIn(event: Valued, name: NumberName): number | undefined {
  const value = fieldOf(event, name);
  return typeof value === "number" ? value : undefined;
}

export function flagIn(event: Valued, name: FlagName): boolean | undefined {
  const value = fieldOf(event, name);
  return typeof value === "boolean" ? value : undefined;
}

export function textField(event: HistoryEvent, name: TextName): string {
  const value = fieldOf(event, name);
  if (typeof value !== "string") throw new ValueError(event, `a text "${name}"`);
  return value;
}

/** A number, or undefined where the field is missing or null. */
export function optionalNumberField(event: HistoryEvent, name: NumberName): number | undefined {
  const value = fieldOf(event, name) ?? undefined;
  if (value !== undefined && typeof value !== "number") throw new ValueError(event, `a number "${name}"`);
  return value;
}

export function listField(event: HistoryEvent, name: ListName): readonly Json[] {
  const value = fieldOf(event, name);
  if (!Array.isArray(value)) throw new ValueError(event, `a list "${name}"`);
  return value as readonly Json[];
}

/** The two halves of `[key, value]`, the value form of registers and sets; the key as a text. */
export function keyed(event: HistoryEvent): { key: string; value: Json } {
  const pair = event.value;
  if (!Array.isArray(pair) || pair.length !== 2) throw new ValueError(event, "the form [key, value]");
  const [key, value] = pair as [Json, Json];
  return { key: typeof key === "string" ? key : JSON.stringify(key), value };
}

/** The key, channel or register that an operation is about, or "" where the value of its invocation does not say. */
export function subjectOf(event: Valued): string {
  const { value } = event;
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const first: unknown = value[0];
    return value.length === 2 && (typeof first === "string" || typeof first === "number") ? String(first) : "";
  }
  return textIn(event, "key") ?? textIn(event, "channel") ?? "";
}
