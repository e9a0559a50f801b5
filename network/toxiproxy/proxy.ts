import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { once } from "node:events";
import type { Endpoint } from "../link.ts";
import { ApiError } from "./api-error.ts";
import { Connection } from "./connection.ts";
import { randomSource } from "./random-source.ts";
import { SOCKET_OPTIONS } from "./socket-options.ts";
import { formatAddress, parseAddress, resolveListen } from "./tcp-address.ts";
import { toxicJson } from "./toxic.ts";
import type { Direction, Toxic, ToxicJson } from "./toxic.ts";

/** Linux cuts it down to its own limit, `net.core.somaxconn`. */
const BACKLOG = 65_535;

/** The fields of a proxy that a request can set. */
export interface ProxyFields {
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
}

/** The proxy as the API shows it. */
export interface ProxyJson extends ProxyFields {
  readonly name: string;
  readonly toxics: readonly ToxicJson[];
}

export interface ProxyContext {
  readonly seed: number;
  readonly log: (line: string) => void;
}

/**
 * Listens on one address and connects every client to one upstream, through the toxics. Starting and stopping must not
 * overlap: the collection runs such requests one at a time.
 */
export class Proxy {
  readonly name: string;
  #listen: string;
  #upstream: string;
  readonly #context: ProxyContext;
  readonly #toxics: Record<Direction, Toxic[]> = { upstream: [], downstream: [] };
  readonly #connections = new Set<Connection>();
  /** The ports of those that are connected: a socket that is closed does not tell its own any more. */
  readonly #clients = new Map<Socket, number>();
  /** What came from clients whose connections are closed, by their ports. */
  readonly #cameFrom = new Map<number, number>();
  #server: Server | undefined;
  #accepted = 0;

  constructor(name: string, fields: Pick<ProxyFields, "listen" | "upstream">, context: ProxyContext) {
    this.name = name;
    this.#listen = fields.listen;
    this.#upstream = fields.upstream;
    this.#context = context;
  }

  /** The bound address; before the first start, what was asked for. */
  get listen(): string {
    return this.#listen;
  }

  get upstream(): string {
    return this.#upstream;
  }

  get enabled(): boolean {
    return this.#server !== undefined;
  }

  /** How many bytes have come from clients so far, by the port that each connected from. */
  get fromClients(): ReadonlyMap<number, number> {
    const counts = new Map(this.#cameFrom);
    for (const [client, port] of this.#clients) countBytes(counts, port, client);
    return counts;
  }

  /** In the order in which the API shows them: the upstream chain, then the downstream chain. */
  get toxics(): readonly Toxic[] {
    return [...this.#toxics.upstream, ...this.#toxics.downstream];
  }

  toJSON(): ProxyJson {
    return {
      name: this.name,
      listen: this.#listen,
      upstream: this.#upstream,
      enabled: this.enabled,
      toxics: this.toxics.map(toxicJson),
    };
  }

  /** @throws ApiError 500 when the address cannot be listened on; the proxy then stays disabled. */
  async start(): Promise<void> {
    if (this.enabled) return;
    const server = createServer({ ...SOCKET_OPTIONS, pauseOnConnect: true }, (client) => this.#accept(client));
    try {
      server.listen({ ...(await resolveListen(this.#listen)), backlog: BACKLOG, exclusive: true });
      await once(server, "listening");
    } catch (error) {
      throw ApiError.cannotListen(this.#listen, error);
    }
    server.on("error", (error) => this.#context.log(`proxy ${this.name} cannot accept: ${error.message}`));
    this.#server = server;
    const address = server.address();
    if (address === null || typeof address === "string")
      throw new Error(`proxy ${this.name} listens on no TCP address`);
    this.#listen = formatAddress({ host: address.address, port: address.port });
  }

  /** Frees the port and cuts every connection, all before it returns. */
  stop(): void {
    this.#server?.close();
    this.#server = undefined;
    for (const connection of this.#connections) connection.destroy();
  }

  /**
   * True when a request for these addresses asks for another proxy than this one: port 0 always does.
   * @throws ApiError 500 when the new address does not resolve.
   */
  async differs(fields: Pick<ProxyFields, "listen" | "upstream">): Promise<boolean> {
    try {
      return this.#listen !== formatAddress(await resolveListen(fields.listen)) || this.#upstream !== fields.upstream;
    } catch (error) {
      throw ApiError.cannotListen(fields.listen, error);
    }
  }

  /**
   * New addresses cut every connection; the toxics stay.
   * @throws ApiError 500 when it cannot start; it is then disabled.
   */
  async update(fields: ProxyFields): Promise<void> {
    if (await this.differs(fields)) {
      this.stop();
      this.#listen = fields.listen;
      this.#upstream = fields.upstream;
    }
    if (fields.enabled) await this.start();
    else this.stop();
  }

  /** @throws ApiError 404. */
  toxic(name: string): Toxic {
    const toxic = this.toxics.find((candidate) => candidate.name === name);
    if (toxic === undefined) throw ApiError.toxicNotFound();
    return toxic;
  }

  hasToxic(name: string): boolean {
    return this.toxics.some((toxic) => toxic.name === name);
  }

  /** Acts on the connections that exist before it returns, as do the next two. */
  addToxic(toxic: Toxic): void {
    this.#toxics[toxic.direction].push(toxic);
    for (const connection of this.#connections) connection.addToxic(toxic);
  }

  /** Tells every connection that the toxic's fields have changed. */
  updateToxic(toxic: Toxic): void {
    for (const connection of this.#connections) connection.updateToxic(toxic);
  }

  removeToxic(toxic: Toxic): void {
    const chain = this.#toxics[toxic.direction];
    chain.splice(chain.indexOf(toxic), 1);
    for (const connection of this.#connections) connection.removeToxic(toxic);
  }

  #accept(client: Socket): void {
    const upstream = this.#upstreamEndpoint();
    if (upstream === undefined) {
      client.destroy();
      return;
    }
    this.#accepted += 1;
    const port = client.remotePort;
    if (port !== undefined) {
      this.#clients.set(client, port);
      client.once("close", () => {
        this.#clients.delete(client);
        countBytes(this.#cameFrom, port, client);
      });
    }
    const draw = (direction: Direction) => randomSource(this.#context.seed, this.name, this.#accepted, direction);
    const connection = new Connection({
      client,
      upstream,
      toxics: this.#toxics,
      random: { upstream: draw("upstream"), downstream: draw("downstream") },
      onClosed: () => this.#connections.delete(connection),
      onError: (error) => this.#logError(error),
    });
    this.#connections.add(connection);
  }

  /** Upstreams are looked at only when a client comes, so a proxy can be made before its upstream. */
  #upstreamEndpoint(): Endpoint | undefined {
    try {
      return parseAddress(this.#upstream);
    } catch (error) {
      this.#logError(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  #logError(error: Error): void {
    // Resets are what this server is for; everything else may help to explain a run.
    if ("code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE")) return;
    this.#context.log(`proxy ${this.name}: ${error.message}`);
  }
}

/** A port may serve several connections, one after the other. */
function countBytes(counts: Map<number, number>, port: number, { bytesRead }: Socket): void {
  counts.set(port, (counts.get(port) ?? 0) + bytesRead);
}
