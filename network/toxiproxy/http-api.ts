/** Toxiproxy's HTTP API (https://github.com/Shopify/toxiproxy#http-api): routes, codes and headers. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { posix } from "node:path";
import { ApiError } from "./api-error.ts";
import { readJson } from "./json-body.ts";
import type { JsonValue } from "./json-text.ts";
import type { ProxyCollection } from "./proxy-collection.ts";
import { changeToxic, newProxies, newProxy, newToxic, proxyChange } from "./requests.ts";
import { toxicJson } from "./toxic.ts";
import { TOXIPROXY_VERSION } from "./version.ts";

interface Answer {
  readonly status: number;
  /** Sent as JSON; absent where the answer has no body. */
  readonly body?: unknown;
}

/** Carries out one request; `path` holds the names in the address: of the proxy, and of the toxic. */
type Handler = (body: () => Promise<JsonValue>, path: readonly string[]) => Answer | Promise<Answer>;

/** The handlers of one address by method. */
type Resource = ReadonlyMap<string, Handler>;

const NO_CONTENT: Answer = { status: 204 };

/** @param log hears of every request that may change something. */
export function httpApi(proxies: ProxyCollection, log: (line: string) => void) {
  const find = resources(proxies);
  let requests = 0;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [rawPath = "/", query] = (request.url ?? "/").split("?", 2);
    const method = request.method ?? "GET";
    const path = decodePath(rawPath);
    if (path === undefined) return plain(response, 400, "400 Bad Request");
    const cleaned = posix.normalize(path);
    if (cleaned !== path) {
      const location = encodePath(cleaned);
      return plain(response, 301, "", { location: query === undefined ? location : `${location}?${query}` });
    }
    const segments = path.slice(1).split("/");
    const resource = find(segments);
    if (resource === undefined) return plain(response, 404, "404 page not found\n");
    const handler = resource.get(method);
    if (handler === undefined) return plain(response, 405, "");

    requests += 1;
    response.setHeader("x-toxiproxy-request-id", requests.toString(36).padStart(8, "0"));
    // Toxiproxy has no other protection against web pages that send requests to this machine.
    if (request.headers["user-agent"]?.startsWith("Mozilla/") === true) {
      return plain(response, 403, "User agent not allowed\n");
    }
    const answer = await answerOf(() => handler(() => readJson(request), [segments[1] ?? "", segments[3] ?? ""]));
    if (method !== "GET") log(`${method} ${rawPath} ${answer.status}`);
    send(response, answer, segments[0] ?? "");
  };
}

function resources(proxies: ProxyCollection): (segments: readonly string[]) => Resource | undefined {
  const updateProxy: Handler = async (body, [name = ""]) => {
    proxies.get(name);
    return { status: 200, body: await proxies.update(name, proxyChange(await body())) };
  };
  const updateToxic: Handler = async (body, [name = "", toxicName = ""]) => {
    proxies.get(name).toxic(toxicName);
    const change = await body();
    // The body may have taken its time: what it is about is looked up again.
    const proxy = proxies.get(name);
    const toxic = proxy.toxic(toxicName);
    changeToxic(change, toxic);
    proxy.updateToxic(toxic);
    return { status: 200, body: toxicJson(toxic) };
  };

  const allProxies: Resource = new Map<string, Handler>([
    ["GET", () => ({ status: 200, body: Object.fromEntries(proxies.all().map((proxy) => [proxy.name, proxy])) })],
    ["POST", async (body) => ({ status: 201, body: await proxies.create(newProxy(await body())) })],
  ]);
  const oneProxy: Resource = new Map<string, Handler>([
    ["GET", (_, [name = ""]) => ({ status: 200, body: proxies.get(name) })],
    ["POST", updateProxy],
    ["PATCH", updateProxy],
    ["DELETE", async (_, [name = ""]) => proxies.remove(name).then(() => NO_CONTENT)],
  ]);
  const allToxics: Resource = new Map<string, Handler>([
    ["GET", (_, [name = ""]) => ({ status: 200, body: proxies.get(name).toxics.map(toxicJson) })],
    [
      "POST",
      async (body, [name = ""]) => {
        proxies.get(name);
        const wanted = await body();
        const proxy = proxies.get(name);
        const toxic = newToxic(wanted, proxy);
        proxy.addToxic(toxic);
        return { status: 200, body: toxicJson(toxic) };
      },
    ],
  ]);
  const oneToxic: Resource = new Map<string, Handler>([
    ["GET", (_, [name = "", toxic = ""]) => ({ status: 200, body: toxicJson(proxies.get(name).toxic(toxic)) })],
    ["POST", updateToxic],
    ["PATCH", updateToxic],
    [
      "DELETE",
      (_, [name = "", toxic = ""]) => {
        const proxy = proxies.get(name);
        proxy.removeToxic(proxy.toxic(toxic));
        return NO_CONTENT;
      },
    ],
  ]);
  const single: ReadonlyMap<string, Resource> = new Map<string, Resource>([
    ["proxies", allProxies],
    ["populate", new Map<string, Handler>([["POST", async (body) => populate(proxies, await body())]])],
    ["reset", new Map<string, Handler>([["POST", () => proxies.reset().then(() => NO_CONTENT)]])],
    ["version", new Map<string, Handler>([["GET", () => ({ status: 200, body: { version: TOXIPROXY_VERSION } })]])],
  ]);

  return (segments) => {
    const [root = "", , toxics] = segments;
    if (segments.length === 1) return single.get(root);
    if (root !== "proxies" || segments.includes("")) return undefined;
    if (segments.length === 2) return oneProxy;
    if (toxics !== "toxics") return undefined;
    if (segments.length === 3) return allToxics;
    return segments.length === 4 ? oneToxic : undefined;
  };
}

async function populate(proxies: ProxyCollection, body: JsonValue): Promise<Answer> {
  const { proxies: done, error } = await proxies.populate(newProxies(body));
  if (error === undefined) return { status: 201, body: { proxies: done } };
  return { status: error.status, body: { error: error.message, status: error.status, proxies: done } };
}

/** A request that was refused is an answer as well; anything else that goes wrong is a fault of this server. */
async function answerOf(handle: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await handle();
  } catch (error) {
    const status = error instanceof ApiError ? error.status : 500;
    const message = error instanceof Error ? error.message : String(error);
    return { status, body: { error: message, status } };
  }
}

/** Undefined when the address is not validly encoded. */
function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** As Go writes paths. */
function encodePath(path: string): string {
  const hex = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURI(path).replaceAll(/[?#!'()*]/g, hex);
}

function send(response: ServerResponse, { status, body }: Answer, root: string): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const text = JSON.stringify(body);
  if (root === "version") {
    response.writeHead(status, { "content-type": "application/json;charset=utf-8" }).end(`${text}\n`);
  } else if (status < 400 || root === "populate") {
    response.writeHead(status, { "content-type": "application/json" }).end(text);
  } else {
    // The original labels its errors so, although they are JSON.
    plain(response, status, `${text}\n`);
  }
}

function plain(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, {
    ...(text === "" ? {} : { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" }),
    ...headers,
  });
  response.end(text);
}
