/**
 * Reads request bodies as the original does: names of fields in any case, the last of the same name counts, `null`
 * means "not given".
 */
import { ApiError } from "./api-error.ts";
import { firstJsonValue, JsonNumber, JsonObject } from "./json-text.ts";
import type { JsonValue } from "./json-text.ts";

/** Far more than any list of proxies needs. */
const LONGEST_BODY = 16 * 1024 * 1024;
const LEAST_INTEGER = -(2n ** 63n);
const MOST_INTEGER = 2n ** 63n - 1n;

/** @throws ApiError 400 when there is no JSON value at the start of the body. */
export async function readJson(body: AsyncIterable<Buffer>): Promise<JsonValue> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > LONGEST_BODY) throw ApiError.badRequestBody(`longer than ${LONGEST_BODY} bytes`);
    parts.push(part);
  }
  try {
    return firstJsonValue(Buffer.concat(parts).toString("utf8"));
  } catch (error) {
    throw ApiError.badRequestBody(error instanceof Error ? error.message : String(error));
  }
}

/** The fields of JSON objects by their names in lower case, those of several objects one after the other. */
export class Fields {
  readonly #values = new Map<string, JsonValue[]>();

  /**
   * @param values `null` stands for an object without fields. @throws ApiError 400 for anything but objects and null.
   */
  constructor(...values: readonly JsonValue[]) {
    for (const value of values) {
      if (value === null) continue;
      if (!(value instanceof JsonObject)) throw ApiError.badRequestBody("expected a JSON object");
      for (const field of value.fields) {
        const name = field.name.toLowerCase();
        this.#values.set(name, [...(this.#values.get(name) ?? []), field.value]);
      }
    }
  }

  /** @throws ApiError 400 for another type; so do the next ones. */
  string(name: string): string | undefined {
    return this.#last(name, (value) => (typeof value === "string" ? value : wrongType(name, "a string", value)));
  }

  boolean(name: string): boolean | undefined {
    return this.#last(name, (value) => (typeof value === "boolean" ? value : wrongType(name, "true or false", value)));
  }

  /** One that a 32-bit float can hold, rounded. */
  number(name: string): number | undefined {
    return this.#last(name, (value) => {
      const number = value instanceof JsonNumber ? Number(value.text) : Number.NaN;
      return Number.isFinite(Math.fround(number)) ? number : wrongType(name, "a number of 32 bits", value);
    });
  }

  /** One of 64 bits, written without a point and an exponent. */
  integer(name: string): number | undefined {
    return this.#last(name, (value) => {
      const text = value instanceof JsonNumber ? value.text : "";
      if (!/^-?\d+$/.test(text)) return wrongType(name, "a whole number", value);
      const integer = BigInt(text);
      if (integer < LEAST_INTEGER || integer > MOST_INTEGER) return wrongType(name, "a number of 64 bits", value);
      return Number(integer);
    });
  }

  /** The fields of an object, and of every other that has the same name. */
  fields(name: string): Fields {
    return new Fields(...(this.#values.get(name) ?? []));
  }

  /** The last one that is given; all of them are looked at, so that a bad one is refused wherever it stands. */
  #last<T>(name: string, read: (value: JsonValue) => T): T | undefined {
    const given = (this.#values.get(name) ?? []).filter((value) => value !== null);
    return given.map(read).at(-1);
  }
}

function wrongType(name: string, expected: string, value: JsonValue): never {
  throw ApiError.badRequestBody(`${name} must be ${expected}, not ${describe(value)}`);
}

function describe(value: JsonValue): string {
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof JsonObject) return "an object";
  return Array.isArray(value) ? "an array" : JSON.stringify(value);
}
