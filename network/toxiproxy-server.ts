/**
 * A server with Toxiproxy's API that carries the links of a run. `toxiproxy-process.ts`, `given-toxiproxy.ts` and
 * `hosts/docker/toxiproxy-container.ts` each have one.
 */

/** Where the proxies of links are made. */
export interface ProxyHome {
  /** The URL of the HTTP API, without a slash at its end. */
  readonly url: string;
  /** What the names of the run's proxies start with; empty where nobody else has any. */
  readonly proxyPrefix: string;
  /**
   * Whether toxics are removed to heal. The original can hang at that: there they are made harmless, see
   * `link-toxics.ts`.
   */
  readonly removesToxics: boolean;
  /** Told the full names of the run's proxies before they are made: a server that hangs cannot be asked for them. */
  announce(names: readonly string[]): void;
}

export interface ToxiproxyServer extends ProxyHome {
  /** Such as `2.12.0`, as the server says of itself. */
  readonly version: string;
  /** Version and kind for people, such as `2.12.0+redquake (embedded)`. */
  readonly description: string;
  /** Removes the run's proxies, and ends the server where the run has started it. */
  stop(): Promise<void>;
  /**
   * How many bytes have come from clients so far, by the name of the proxy and the port that each connected from.
   * Toxiproxy's own API does not tell, so that a real one lacks it.
   */
  fromClients?(): Promise<FromClients>;
  /** Hears of an end that nobody asked for; at once, when it has happened already. */
  onExit(callback: (reason: string) => void): void;
}

export type FromClients = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** What a run needs of its server. */
export interface ToxiproxyRun {
  /** The run's id, unique on this machine. */
  readonly run: string;
  /** Names the process that makes the run, see `runner/equipment/clean.ts`. */
  readonly coordinator: string;
  /** For toxicity, jitter and slices, where the server takes one; any whole number. */
  readonly seed: number;
  /** The file that gets the server's output, where there is any. */
  readonly logFile: string;
  /** Added to the environment of a server that is started. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Where runs get their server from. */
export interface ToxiproxySource {
  /** @throws HostError that says what is wrong with the server, and what to do. */
  open(run: ToxiproxyRun): Promise<ToxiproxyServer>;
}
