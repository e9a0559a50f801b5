/** What the bodies of requests ask for. Everything in a body is checked before anything is changed. */
import { ApiError } from "./api-error.ts";
import { Fields } from "./json-body.ts";
import type { JsonValue } from "./json-text.ts";
import type { NewProxy } from "./proxy-collection.ts";
import type { Proxy, ProxyFields } from "./proxy.ts";
import type { Toxic } from "./toxic.ts";
import { TOXIC_TYPES } from "./toxics/toxic-types.ts";
import type { ToxicType } from "./toxics/toxic-type.ts";

/** @param where ends the message of an error, such as ` at proxy 2`. @throws ApiError 400. */
export function newProxy(body: JsonValue, where = ""): NewProxy {
  const fields = new Fields(body);
  const proxy = {
    name: fields.string("name") ?? "",
    listen: fields.string("listen") ?? "",
    upstream: fields.string("upstream") ?? "",
    enabled: fields.boolean("enabled") ?? true,
  };
  if (proxy.name === "") throw ApiError.missingField("name", where);
  if (proxy.upstream === "") throw ApiError.missingField("upstream", where);
  return proxy;
}

/** @throws ApiError 400 that names the first bad entry, counted from 1. */
export function newProxies(body: JsonValue): readonly NewProxy[] {
  if (body === null) return [];
  if (!Array.isArray(body)) throw ApiError.badRequestBody("expected an array of proxies");
  return body.map((entry: JsonValue, index) => newProxy(entry, ` at proxy ${index + 1}`));
}

/** What is not mentioned stays as it is; the name cannot be changed. @throws ApiError 400. */
export function proxyChange(body: JsonValue): (proxy: Proxy) => ProxyFields {
  const fields = new Fields(body);
  const listen = fields.string("listen");
  const upstream = fields.string("upstream");
  const enabled = fields.boolean("enabled");
  return (proxy) => ({
    listen: listen ?? proxy.listen,
    upstream: upstream ?? proxy.upstream,
    enabled: enabled ?? proxy.enabled,
  });
}

/** @throws ApiError 400 or 409. */
export function newToxic(body: JsonValue, proxy: Proxy): Toxic {
  const fields = new Fields(body);
  const typeName = fields.string("type") ?? "";
  const stream = fields.string("stream") ?? "downstream";
  const name = fields.string("name") ?? "";
  const toxicity = fields.number("toxicity") ?? 1;
  const attributes = fields.fields("attributes");
  const direction = stream.toLowerCase();
  if (direction !== "upstream" && direction !== "downstream") throw ApiError.invalidStream();
  const type = TOXIC_TYPES.get(typeName);
  if (type === undefined) throw ApiError.invalidToxicType();
  const toxic = { name: name === "" ? `${typeName}_${stream}` : name, type, direction, stream, toxicity } as const;
  if (proxy.hasToxic(toxic.name)) throw ApiError.toxicExists();
  const defaults = Object.fromEntries(type.attributes.map((attribute) => [attribute, 0]));
  return { ...toxic, attributes: { ...defaults, ...givenAttributes(attributes, type) } };
}

/**
 * Changes the toxic's attributes that are mentioned, and its toxicity; everything else in the body is ignored.
 * @throws ApiError 400.
 */
export function changeToxic(body: JsonValue, toxic: Toxic): void {
  const fields = new Fields(body);
  const toxicity = fields.number("toxicity") ?? toxic.toxicity;
  const attributes = givenAttributes(fields.fields("attributes"), toxic.type);
  toxic.toxicity = toxicity;
  Object.assign(toxic.attributes, attributes);
}

function givenAttributes(fields: Fields, type: ToxicType): Record<string, number> {
  const given: Record<string, number> = {};
  for (const attribute of type.attributes) {
    const value = fields.integer(attribute);
    if (value !== undefined) given[attribute] = value;
  }
  return given;
}
