/**
 * Reading the values of events, whose shapes are in `docs/history.md`; a value of another shape is a `ValueError`,
 * never a guess.
 */
import type { HistoryEvent, Json } from "../../history/operation.ts";
import { RedquakeError } from "../../machine/redquake-error.ts";

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

export type Fields = { readonly [key: string]: Json };

export function isFields(value: Json): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The field's value, or undefined where the value has no such field. */
export function fieldOf(event: HistoryEvent, name: string): Json | undefined {
  return isFields(event.value) ? event.value[name] : undefined;
}

export function textField(event: HistoryEvent, name: string): string {
  const value = fieldOf(event, name);
  if (typeof value !== "string") throw new ValueError(event, `a text "${name}"`);
  return value;
}

/** A number, or undefined where the field is missing or null. */
export function optionalNumber(event: HistoryEvent, name: string): number | undefined {
  const value = fieldOf(event, name) ?? undefined;
  if (value !== undefined && typeof value !== "number") throw new ValueError(event, `a number "${name}"`);
  return value;
}

/** The two halves of `[key, value]`, the value form of registers and sets; the key as a text. */
export function keyed(event: HistoryEvent): { key: string; value: Json } {
  const pair = event.value;
  if (!Array.isArray(pair) || pair.length !== 2) throw new ValueError(event, "the form [key, value]");
  const [key, value] = pair as [Json, Json];
  return { key: typeof key === "string" ? key : JSON.stringify(key), value };
}
