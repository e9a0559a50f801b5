/** What is wrong with a value that an adapter gave, in words. */
import { z } from "zod";

export const A_FUNCTION = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === "function",
  "must be a function",
);

/** What every adapter says of itself. */
export const COMMON_FACTS = {
  kind: z.enum(["lock", "delivery", "cache", "leader", "client"]).optional(),
  name: z.string().min(1),
  systems: z.array(z.string()).nonempty().optional(),
};

/**
 * @param missing what stands in place of a field that it lacks, as an example
 * @returns undefined when the value has the shape.
 */
export function complaint(
  shape: z.ZodType,
  value: unknown,
  missing: { readonly [name: string]: string } = {},
): string | undefined {
  if (value instanceof Promise) return "it is a promise, which has to be awaited";
  if (typeof value !== "object" || value === null) return `it is ${shown(value)}, not an object`;
  const [issue] = shape.safeParse(value).error?.issues ?? [];
  if (issue === undefined) return undefined;
  const name = issue.path.join(".");
  const given: unknown = Reflect.get(value, name);
  const wanted = missing[name];
  if (given === undefined) return `it lacks \`${name}\`${wanted === undefined ? "" : `, such as ${wanted}`}`;
  return `its \`${name}\` is ${shown(given)}: ${issue.message}`;
}

/** A value in a few words. */
export function shown(value: unknown): string {
  return typeof value === "function"
    ? "a function"
    : typeof value === "object"
      ? "an object"
      : (JSON.stringify(value) ?? "undefined");
}
