/** The candidates of an adapter that is checked, and what they are told. */
import { setTimeout as delay } from "node:timers/promises";
import type { Token } from "../../../history/vocabulary/lock.ts";
import { ended, withDeadline } from "../../adapter/conformance/calls.ts";
import type { ConformanceOptions } from "../../adapter/conformance/check.ts";
import type { Outcome } from "../../adapter/conformance/outcome.ts";
import type { Servers } from "../../adapter/conformance/servers.ts";
import { DEADLINE_MS } from "../../adapter/conformance/times.ts";
import { openEnvironment } from "../../adapter/open-environment.ts";
import type { LeaderAdapter } from "../adapter.ts";
import type { GuardedClient, GuardedStanding } from "../guard.ts";
import { openGuarded } from "../guard.ts";
import { CONFORMANCE } from "./check.ts";
import type { CheckId } from "./check.ts";

const POLL_MS = 20;
const TERM_MS = 1_200;

/** A candidate, and what it was told so far. */
export interface Contender {
  readonly standing: GuardedStanding;
  readonly elections: (Token | undefined)[];
  readonly demotions: (string | undefined)[];
}

export class Bench {
  readonly options: ConformanceOptions<LeaderAdapter>;
  readonly servers: Servers;
  readonly termMs: number;
  readonly clients: readonly GuardedClient[];
  /** Closes what the clients were given. */
  readonly close: () => void;
  readonly #told = new Set<CheckId>();

  private constructor(
    { options, servers, termMs, clients }: Pick<Bench, "options" | "servers" | "termMs" | "clients">,
    close: () => void,
  ) {
    this.options = options;
    this.servers = servers;
    this.termMs = termMs;
    this.clients = clients;
    this.close = close;
  }

  /** With two clients. */
  static async open(options: ConformanceOptions<LeaderAdapter>, servers: Servers): Promise<Bench> {
    const { adapter, endpoints, random } = options;
    const ending = new AbortController();
    const termMs = Math.max(TERM_MS, adapter.minTermMs ?? 0);
    const environments = [1, 2].map((i) =>
      openEnvironment({
        endpoints,
        redisOptions: (server) => ({ ...endpoints[server] }),
        system: "single",
        signal: ending.signal,
        clientId: `client-${i}`,
        random,
        election: "conformance",
        termMs,
      }),
    );
    const clients = await Promise.all(
      environments.map(({ environment }) => openGuarded(adapter, environment, { ...options, deadlineMs: DEADLINE_MS })),
    );
    await Promise.all(environments.map((each) => each.connected()));
    return new Bench({ options, servers, termMs, clients }, () => {
      ending.abort();
      for (const each of environments) each.close();
    });
  }

  async stand(i: number): Promise<Contender> {
    const client = this.clients[i];
    if (client === undefined) throw new RangeError(`there is no client ${i}`);
    const elections: Contender["elections"] = [];
    const demotions: Contender["demotions"] = [];
    const standing = await withDeadline(
      client.stand({ elected: (token) => elections.push(token), demoted: (reason) => demotions.push(reason) }),
      `stand() did not settle within ${DEADLINE_MS} ms; it must as soon as the candidate stands, elected or not`,
    );
    return { standing, elections, demotions };
  }

  /** @throws Error when it is not so within `patienceMs`. */
  async until(isSo: () => boolean, otherwise: string, patienceMs = 3 * this.termMs + DEADLINE_MS): Promise<void> {
    const until = performance.now() + patienceMs;
    while (!isSo()) {
      if (performance.now() > until) throw new Error(`${otherwise} within ${patienceMs} ms`);
      await delay(POLL_MS);
    }
  }

  /** Nobody stands any more, and nothing is left on the servers. */
  async forget(contenders: readonly Contender[]): Promise<void> {
    await Promise.all(contenders.map(({ standing }) => ended(standing.resign())));
    await this.servers.forget();
  }

  isTold(id: CheckId): boolean {
    return this.#told.has(id);
  }

  tell(id: CheckId, outcome: Outcome): void {
    this.#told.add(id);
    this.options.seen({ id, title: CONFORMANCE[id], ...outcome });
  }
}
