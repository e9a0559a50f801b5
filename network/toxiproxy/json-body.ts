/** Reads request bodies as the original does: the first JSON value counts, names of fields in any case, `null` means "not given". */
import { ApiError } from "./api-error.ts";

/** Far more than any list of proxies needs. */
const LONGEST_BODY = 16 * 1024 * 1024;

/** @throws ApiError 400 when there is no JSON value at the start of the body. */
export async function readJson(body: AsyncIterable<Buffer>): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > LONGEST_BODY) throw ApiError.badRequestBody(`longer than ${LONGEST_BODY} bytes`);
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString("utf8").trim();
  if (text === "") throw ApiError.badRequestBody("EOF");
  try {
    return JSON.parse(firstValue(text)) as unknown;
  } catch (error) {
    throw ApiError.badRequestBody(error instanceof Error ? error.message : String(error));
  }
}

/** The text of an object or array at the start, without what follows it; any other text as it is. */
function firstValue(text: string): string {
  if (!text.startsWith("{") && !text.startsWith("[")) return text;
  let depth = 0;
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token[0] === "{" || token[0] === "[") depth += 1;
    else if (token[0] === "}" || token[0] === "]") depth -= 1;
    if (depth === 0) return text.slice(0, token.index + 1);
  }
  return text;
}

/** The fields of a JSON object by their names in lower case. `null` stands for an object without fields. */
export class Fields {
  readonly #values: ReadonlyMap<string, unknown>;

  /** @throws ApiError 400 for anything but an object or null. */
  constructor(value: unknown) {
    if (typeof value !== "object" || Array.isArray(value)) throw ApiError.badRequestBody("expected a JSON object");
    this.#values = new Map(Object.entries(value ?? {}).map(([name, field]) => [name.toLowerCase(), field]));
  }

  /** @throws ApiError 400 for another type; so do the next ones. */
  string(name: string): string | undefined {
    const value = this.#get(name);
    if (value === undefined || typeof value === "string") return value;
    throw wrongType(name, "a string", value);
  }

  boolean(name: string): boolean | undefined {
    const value = this.#get(name);
    if (value === undefined || typeof value === "boolean") return value;
    throw wrongType(name, "true or false", value);
  }

  number(name: string): number | undefined {
    const value = this.#get(name);
    if (value === undefined || typeof value === "number") return value;
    throw wrongType(name, "a number", value);
  }

  integer(name: string): number | undefined {
    const value = this.number(name);
    if (value === undefined || Number.isInteger(value)) return value;
    throw wrongType(name, "a whole number", value);
  }

  fields(name: string): Fields {
    return new Fields(this.#get(name) ?? null);
  }

  #get(name: string): unknown {
    return this.#values.get(name) ?? undefined;
  }
}

function wrongType(name: string, expected: string, value: unknown): ApiError {
  return ApiError.badRequestBody(`${name} must be ${expected}, not ${JSON.stringify(value)}`);
}
