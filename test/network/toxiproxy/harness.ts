/**
 * What the conformance tests share: a server to test, and real sockets on both sides of it.
 * With TOXIPROXY_URL in the environment the tests are held against that server, else against the embedded one.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { startToxiproxyServer } from "../../../network/toxiproxy/server.ts";

export const EMBEDDED = process.env["TOXIPROXY_URL"] === undefined;

/** How much later than planned something may happen where the machine is not busy; never earlier. */
const LATE_MS = 150;
const TICK_MS = 5;

/** How long this process, and the embedded server in it, was kept from working since the last test, in milliseconds. */
let keptMs = 0;
let lastTick = performance.now();
setInterval(() => {
  const now = performance.now();
  // Timers of Node.js may be a millisecond late at any time.
  keptMs += Math.max(0, now - lastTick - TICK_MS - 1);
  lastTick = now;
}, TICK_MS).unref();

/** How much later than planned something may have happened in this test, in milliseconds. */
export function lateMs(): number {
  return LATE_MS + keptMs;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined where there is none or it is no JSON. */
  readonly json: unknown;
}

export interface ProxyBody {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly unknown[];
}

/** Everything that a test opened; ends with it. */
export class Bench {
  readonly url: string;
  readonly #closeServer: () => Promise<void>;
  readonly #peers = new Set<Peer>();
  readonly #servers = new Set<Upstream>();
  /** What the names of its proxies start with: a given server may have others, which are nobody's here. */
  readonly #prefix = `redquake-test-${randomUUID()}-`;
  readonly #made = new Set<string>();
  #names = 0;

  private constructor(url: string, closeServer: () => Promise<void>) {
    this.url = url;
    this.#closeServer = closeServer;
  }

  static async start(): Promise<Bench> {
    const given = process.env["TOXIPROXY_URL"];
    if (given !== undefined) return new Bench(given, () => Promise.resolve());
    const server = await startToxiproxyServer({ seed: 1 });
    return new Bench(server.url, () => server.close());
  }

  async clear(): Promise<void> {
    keptMs = 0;
    for (const peer of this.#peers) peer.socket.destroy();
    this.#peers.clear();
    for (const name of this.#made) await this.call("DELETE", `/proxies/${encodeURIComponent(name)}`);
    this.#made.clear();
    await Promise.all([...this.#servers].map((server) => server.close()));
    this.#servers.clear();
  }

  async close(): Promise<void> {
    await this.clear();
    await this.#closeServer();
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers,
      redirect: "manual",
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    const json = parse(answer);
    if (method === "POST" && (path === "/proxies" || path === "/populate")) this.#remember(json);
    return { status: response.status, headers: response.headers, text: answer, json };
  }

  /** Asks for a path as it is written: `fetch` tidies paths up. Resolves to the status and where it leads to. */
  async raw(method: string, path: string): Promise<{ readonly status: number; readonly location: string | undefined }> {
    const sent = request(this.url, { method, path, agent: false }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    response.resume();
    return { status: response.statusCode ?? 0, location: response.headers.location };
  }

  get(path: string): Promise<Answer> {
    return this.call("GET", path);
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.call("POST", path, body);
  }

  /** A name for a proxy that nobody else has. */
  name(suffix?: string): string {
    if (suffix !== undefined) return `${this.#prefix}${suffix}`;
    this.#names += 1;
    return `${this.#prefix}${this.#names}`;
  }

  /** Takes a proxy that was made in another way away with the others. Returns its name. */
  own(name: string): string {
    this.#made.add(name);
    return name;
  }

  /** Those of all proxies that are this bench's. */
  async proxies(): Promise<ProxyBody[]> {
    const all = Object.values((await this.get("/proxies")).json as Record<string, ProxyBody>);
    return all.filter(({ name }) => name.startsWith(this.#prefix));
  }

  /** @param json the answer to a request that makes proxies, which may have been refused */
  #remember(json: unknown): void {
    const { name, proxies } = (json ?? {}) as { name?: string; proxies?: readonly ProxyBody[] | null };
    for (const made of [name, ...(proxies ?? []).map((proxy) => proxy.name)]) if (made !== undefined) this.own(made);
  }

  /** A proxy in front of `upstream`, on a port of its own. */
  async proxy(upstream: string, fields: Partial<ProxyBody> = {}): Promise<ProxyBody> {
    const answer = await this.post("/proxies", { name: this.name(), listen: "127.0.0.1:0", upstream, ...fields });
    if (answer.status !== 201) throw new Error(`no proxy: ${answer.status} ${answer.text}`);
    return answer.json as ProxyBody;
  }

  async toxic(proxy: ProxyBody, toxic: Record<string, unknown>): Promise<void> {
    const answer = await this.post(`/proxies/${proxy.name}/toxics`, toxic);
    if (answer.status !== 200) throw new Error(`no toxic: ${answer.status} ${answer.text}`);
  }

  async updateToxic(proxy: ProxyBody, toxic: string, change: Record<string, unknown>): Promise<void> {
    const answer = await this.post(`/proxies/${proxy.name}/toxics/${toxic}`, change);
    if (answer.status !== 200) throw new Error(`toxic not updated: ${answer.status} ${answer.text}`);
  }

  async removeToxic(proxy: ProxyBody, toxic: string): Promise<void> {
    const answer = await this.call("DELETE", `/proxies/${proxy.name}/toxics/${toxic}`);
    if (answer.status !== 204) throw new Error(`toxic not removed: ${answer.status} ${answer.text}`);
  }

  async upstream(onConnection: (peer: Peer) => void = () => {}, port = 0): Promise<Upstream> {
    const server = await Upstream.listen(port, onConnection);
    this.#servers.add(server);
    return server;
  }

  /** Connects; resolves when the connection stands. */
  async connect(address: string): Promise<Peer> {
    const peer = new Peer(connect({ ...endpoint(address), noDelay: true, allowHalfOpen: true }));
    this.#peers.add(peer);
    await peer.connected;
    return peer;
  }

  /** Whether a connection to the address is refused. */
  async refuses(address: string): Promise<boolean> {
    try {
      const peer = await this.connect(address);
      peer.socket.destroy();
      return false;
    } catch (error) {
      return error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
    }
  }

  /** A client's end and the upstream's end of one new connection through the proxy. */
  async pair(proxy: ProxyBody, upstream: Upstream): Promise<{ client: Peer; server: Peer }> {
    const accepted = upstream.next();
    const client = await this.connect(proxy.listen);
    return { client, server: await accepted };
  }
}

/** A server behind the proxy. */
export class Upstream {
  readonly address: string;
  readonly peers: Peer[] = [];
  readonly #server: Server;
  readonly #waiting: ((peer: Peer) => void)[] = [];

  private constructor(server: Server, onConnection: (peer: Peer) => void) {
    this.#server = server;
    this.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("connection", (socket) => {
      const peer = new Peer(socket);
      this.peers.push(peer);
      onConnection(peer);
      this.#waiting.shift()?.(peer);
    });
  }

  static async listen(port: number, onConnection: (peer: Peer) => void): Promise<Upstream> {
    const server = createServer({ noDelay: true, allowHalfOpen: true });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return new Upstream(server, onConnection);
  }

  next(): Promise<Peer> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    for (const peer of this.peers) peer.socket.destroy();
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    await closed;
  }
}

/** One end of a connection and everything that came to it. */
export class Peer {
  readonly socket: Socket;
  readonly connected: Promise<void>;
  /** Every read by itself, with its time. */
  readonly reads: { readonly at: number; readonly data: Buffer }[] = [];
  /** How the other side's stream ended, and when. */
  ending: { readonly how: "end" | "reset"; readonly at: number } | undefined;
  #received = 0;
  readonly #watchers = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    this.connected = new Promise((resolve, reject) => {
      if (!socket.connecting) resolve();
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    // Refused connections are told through `connected`, to the test that waits for it.
    this.connected.catch(() => undefined);
    socket.on("data", (data) => {
      this.reads.push({ at: performance.now(), data });
      this.#received += data.length;
      this.#changed();
    });
    socket.on("end", () => this.#ended("end"));
    socket.on("error", (error: NodeJS.ErrnoException) => this.#ended(error.code === "ECONNRESET" ? "reset" : "end"));
    socket.on("close", () => this.#ended("end"));
  }

  get received(): number {
    return this.#received;
  }

  bytes(): Buffer {
    return Buffer.concat(this.reads.map((read) => read.data));
  }

  text(): string {
    return this.bytes().toString("latin1");
  }

  /** Resolves when so many bytes have come in all, with the time. */
  has(count: number): Promise<number> {
    return this.#until(() => this.#received >= count);
  }

  /** Resolves when the stream has ended. */
  async ended(): Promise<{ readonly how: "end" | "reset"; readonly at: number }> {
    await this.#until(() => this.ending !== undefined);
    return this.ending ?? { how: "end", at: 0 };
  }

  /** Sends and waits until the other end has answered with as many bytes; the time that it took. */
  async roundTrip(text = "x"): Promise<number> {
    const started = performance.now();
    const wanted = this.#received + text.length;
    this.socket.write(text);
    return (await this.has(wanted)) - started;
  }

  /** Resolves after `ms` milliseconds, or rejects when anything comes or the stream ends meanwhile. */
  quiet(ms: number): Promise<void> {
    const received = this.#received;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(watcher);
        resolve();
      }, ms);
      const watcher = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        reject(new Error(`not quiet: ${this.#received - received} bytes, ${this.ending?.how ?? "open"}`));
      };
      if (this.ending !== undefined) watcher();
      else this.#watchers.add(watcher);
    });
  }

  #until(condition: () => boolean): Promise<number> {
    return new Promise((resolve, reject) => {
      const watcher = (): void => {
        if (condition()) resolve(performance.now());
        else if (this.ending !== undefined) reject(new Error(`${this.ending.how} after ${this.#received} bytes`));
        else return;
        this.#watchers.delete(watcher);
      };
      this.#watchers.add(watcher);
      watcher();
    });
  }

  #ended(how: "end" | "reset"): void {
    this.ending ??= { how, at: performance.now() };
    this.#changed();
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** Sends back what comes. */
export function echo(peer: Peer): void {
  peer.socket.pipe(peer.socket);
}

/** Resolves once the moment has passed; for what must be sent at a certain pace. */
export function at(moment: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, moment - performance.now())));
}

export function endpoint(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
