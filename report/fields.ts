/**
 * Careful looks into an event's value, whose shape depends on the workload and which may be anything in a foreign
 * history.
 */
import type { Json } from "../history/operation.ts";

/** A member of an object, or undefined when the value is no object or has no such member. */
export function field(value: Json, name: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as { readonly [key: string]: Json })[name] : undefined;
}

export function textField(value: Json, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === "string" ? found : undefined;
}

export function numberField(value: Json, name: string): number | undefined {
  const found = field(value, name);
  return typeof found === "number" ? found : undefined;
}

/** The key, channel or register that an operation is about, or "" when its value does not say. */
export function keyOf(value: Json): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const first: unknown = value[0];
    return value.length === 2 && (typeof first === "string" || typeof first === "number") ? String(first) : "";
  }
  return textField(value, "key") ?? textField(value, "channel") ?? "";
}
