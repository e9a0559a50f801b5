/**
 * Whether two JSON values are equal; the order of an object's fields does not matter, that of an array's items does.
 */
import type { Json } from "../../history/operation.ts";

export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isArray(a) || isArray(b))
    return isArray(a) && isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i] ?? null));
  const fields = Object.entries(a);
  return (
    fields.length === Object.keys(b).length &&
    fields.every(([name, value]) => {
      const other = b[name];
      return other !== undefined && sameJson(value, other);
    })
  );
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** A text that equal values share, to find them in a Map. */
export function jsonIdentity(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(jsonIdentity).join()}]`;
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${jsonIdentity(field)}`).join()}}`;
}
