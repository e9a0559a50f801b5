/** The options of a zod schema as a table in Markdown. */
import { z } from "zod";
import { markdownTable } from "../report/markdown.ts";

interface Described {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
}

interface Form {
  readonly properties?: { readonly [name: string]: Described };
  readonly required?: readonly string[];
}

/** One option of a schema, in the words of a table. */
export interface OptionRow {
  readonly name: string;
  readonly type: string;
  /** `must be given`, `none`, or the value in quotes. */
  readonly fallback: string;
  readonly description: string;
}

/** The options of each form that the schema allows: one form, unless it is a union. */
export function optionRows(schema: z.ZodType): OptionRow[][] {
  const { oneOf, anyOf, ...only } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return ((oneOf ?? anyOf ?? [only]) as readonly Form[]).map(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, option]) => ({
      name,
      type: typeOf(option),
      fallback:
        option.default === undefined
          ? required.includes(name)
            ? "must be given"
            : "none"
          : `\`${JSON.stringify(option.default)}\``,
      description: option.description ?? "",
    })),
  );
}

function typeOf({ const: only, enum: several, type = "JSON" }: Described): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  return several === undefined ? [type].flat().join(" or ") : several.map((each) => `\`${each}\``).join(", ");
}

/** One table for each form. */
export function optionsTable(schema: z.ZodType): string[] {
  return optionRows(schema).map((rows) =>
    markdownTable(
      ["option", "type", "default", "what it is"],
      rows.map(({ name, type, fallback, description }) => [`\`${name}\``, type, fallback, description]),
    ),
  );
}
