import { once } from "node:events";
import { createServer } from "node:http";
import { httpApi } from "./http-api.ts";
import { ProxyCollection } from "./proxy-collection.ts";
import { formatAddress } from "./tcp-address.ts";

export interface ToxiproxyServerOptions {
  /** Where the HTTP API listens; 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** 8474 is Toxiproxy's own; 0, the default, takes any free port. */
  readonly port?: number;
  /** For toxicity, jitter and slices. */
  readonly seed: number;
  /** Hears of changes made through the API, and of connections that failed. */
  readonly log?: (line: string) => void;
}

export interface ToxiproxyServer {
  /** The URL of the HTTP API, without a slash at the end. */
  readonly url: string;
  /** How many bytes have come from clients so far, by the name of the proxy and the port that each connected from. */
  fromClients(): ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Stops every proxy and the API; connections are cut. */
  close(): Promise<void>;
}

/**
 * Starts a server that speaks Toxiproxy's API and does what its toxics do, in this process.
 * @throws Error of the operating system when the address cannot be listened on.
 */
export async function startToxiproxyServer({
  host = "127.0.0.1",
  port = 0,
  seed,
  log = () => {},
}: ToxiproxyServerOptions): Promise<ToxiproxyServer> {
  const proxies = new ProxyCollection({ seed, log });
  const answer = httpApi(proxies, log);
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log(`${request.method} ${request.url} was not answered: ${String(error)}`);
      response.destroy();
    });
  });
  server.listen({ host, port, exclusive: true });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error(`the API listens on no TCP address of ${host}`);
  return {
    url: `http://${formatAddress({ host: address.address, port: address.port })}`,
    fromClients: () => new Map(proxies.all().map((proxy) => [proxy.name, proxy.fromClients])),
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await proxies.close();
      await closed;
    },
  };
}
