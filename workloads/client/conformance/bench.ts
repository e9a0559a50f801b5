/** The client that is checked, and what its commands leave on the server. */
import type { Redis } from "ioredis";
import { withDeadline, said } from "../../adapter/conformance/calls.ts";
import type { ConformanceOptions } from "../../adapter/conformance/check.ts";
import type { Outcome } from "../../adapter/conformance/outcome.ts";
import { failed } from "../../adapter/conformance/outcome.ts";
import { Servers } from "../../adapter/conformance/servers.ts";
import { DEADLINE_MS } from "../../adapter/conformance/times.ts";
import { AdapterError } from "../../adapter/adapter-error.ts";
import { openEnvironment } from "../../adapter/open-environment.ts";
import { connected } from "../../clients/connection.ts";
import type { ClientAdapter } from "../adapter.ts";
import type { Answer, GuardedClient } from "../guard.ts";
import { openGuarded } from "../guard.ts";
import { CONFORMANCE } from "./check.ts";
import type { CheckId } from "./check.ts";

export class Bench {
  readonly options: ConformanceOptions<ClientAdapter>;
  readonly client: GuardedClient;
  readonly servers: Servers;
  readonly #server: Redis;
  readonly #close: () => void;

  private constructor(
    options: ConformanceOptions<ClientAdapter>,
    client: GuardedClient,
    { servers, server, close }: { servers: Servers; server: Redis; close: () => void },
  ) {
    this.options = options;
    this.client = client;
    this.servers = servers;
    this.#server = server;
    this.#close = close;
  }

  static async open(options: ConformanceOptions<ClientAdapter>): Promise<Bench> {
    const { adapter, endpoints, random } = options;
    const ending = new AbortController();
    const opened = openEnvironment({
      endpoints,
      redisOptions: (i) => ({ ...endpoints[i] }),
      system: "single",
      signal: ending.signal,
      clientId: "client-1",
      random,
    });
    const client = await openGuarded(adapter, opened.environment, { ...options, deadlineMs: DEADLINE_MS });
    await opened.connected();
    return new Bench(options, client, {
      servers: await Servers.at(endpoints),
      server: await connected({ ...endpoints[0] }),
      close: () => {
        ending.abort();
        opened.close();
      },
    });
  }

  /** Makes a check. What goes wrong on the way fails it. */
  async try(id: CheckId, check: () => Promise<Outcome>): Promise<void> {
    let outcome: Outcome;
    try {
      outcome = await withDeadline(check(), `it did not settle within ${DEADLINE_MS} ms`);
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      outcome = failed(said(error));
    }
    this.tell(id, outcome);
  }

  tell(id: CheckId, outcome: Outcome): void {
    this.options.seen({ id, title: CONFORMANCE[id], ...outcome });
  }

  /** The elements of a list, as the server has them. */
  list(key: string): Promise<string[]> {
    return this.#server.lrange(key, 0, -1);
  }

  /** Ends everything but the adapter's own. */
  end(): void {
    this.#close();
    this.#server.disconnect();
    this.servers.disconnect();
  }
}

/** An answer in words: `"1-0"`, `rejected: OOM …`. */
export function inWords(answer: Answer): string {
  return "error" in answer ? `rejected: ${answer.error}` : JSON.stringify(answer.reply);
}
