/** The values of events in words, from their declarations: `{key, grant, token?, entries: [{seq, op}, …]}`. */
import { z } from "zod";

/** What of a JSON schema the declarations of values use. */
interface Shape {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Shape[];
  readonly prefixItems?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: { readonly [name: string]: Shape };
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape | false;
}

export function valueInWords(schema: z.ZodType): string {
  return shapeInWords(z.toJSONSchema(schema) as Shape);
}

function shapeInWords(shape: Shape): string {
  const { type = "", anyOf, prefixItems, items, properties, required = [], additionalProperties } = shape;
  if (shape.enum !== undefined) return shape.enum.map((each) => JSON.stringify(each)).join(" or ");
  if (anyOf !== undefined) return anyOf.map(shapeInWords).join(" or ");
  if (prefixItems !== undefined) return `[${prefixItems.map(shapeInWords).join(", ")}]`;
  if (items !== undefined) return `[${shapeInWords(items)}, …]`;
  if (properties !== undefined)
    return `{${Object.entries(properties)
      .map(([name, each]) => `${name}${required.includes(name) ? "" : "?"}: ${shapeInWords(each)}`)
      .join(", ")}}`;
  if (additionalProperties !== undefined && additionalProperties !== false)
    return `{<name>: ${shapeInWords(additionalProperties)}, …}`;
  return [type]
    .flat()
    .map((each) => (each === "string" ? "text" : each))
    .join(" or ");
}
