/** The clients of an adapter that is checked: their attempts to get locks, and the ends of these. */
import { setTimeout as delay } from "node:timers/promises";
import { AdapterError } from "../../adapter/adapter-error.ts";
import type { Held, LockAdapter, LockClient } from "../adapter.ts";
import { openEnvironment } from "../../adapter/open-environment.ts";
import { openGuarded } from "../guard.ts";
import type { ConformanceOptions } from "../../adapter/conformance/check.ts";
import { CONFORMANCE } from "./check.ts";
import type { CheckId } from "./check.ts";
import type { Servers } from "../../adapter/conformance/servers.ts";
import { ended, said, withDeadline } from "../../adapter/conformance/calls.ts";
import type { Outcome } from "../../adapter/conformance/outcome.ts";
import { failed } from "../../adapter/conformance/outcome.ts";
import { DEADLINE_MS } from "../../adapter/conformance/times.ts";
import { HANGS_AGAIN_MS, LONG_MS, RETRY_MS, SHORT_MS } from "./times.ts";

/** An attempt to get a lock, and how it ended. */
export type Attempt =
  | { readonly kind: "held"; readonly held: Held }
  | { readonly kind: "refused" }
  | { readonly kind: "threw"; readonly error: unknown }
  /** It has not settled; `later` is what it comes to. */
  | { readonly kind: "waits"; readonly later: Promise<Held | null> };

export class Bench {
  readonly options: ConformanceOptions<LockAdapter>;
  readonly servers: Servers;
  readonly clients: readonly LockClient[];
  /** A time to live that a check can wait for. */
  readonly shortMs: number;
  /** Closes what the clients were given. */
  readonly close: () => void;
  readonly #told = new Set<CheckId>();
  /** What was got and has not been released. */
  readonly #unreleased = new Set<Held>();
  #grants = 0;
  /** A release has not settled in time. */
  #releasesHang = false;
  #keys = 0;

  private constructor(
    options: ConformanceOptions<LockAdapter>,
    servers: Servers,
    clients: readonly LockClient[],
    close: () => void,
  ) {
    this.options = options;
    this.servers = servers;
    this.clients = clients;
    this.close = close;
    this.shortMs = Math.max(SHORT_MS, options.adapter.minTtlMs ?? 0);
  }

  /** One client more than can hold at a time, and one that has lost. */
  static async open(options: ConformanceOptions<LockAdapter>, servers: Servers): Promise<Bench> {
    const { adapter, endpoints, random } = options;
    const ending = new AbortController();
    const environments = Array.from({ length: (adapter.limit ?? 1) + 2 }, (_, i) =>
      openEnvironment({
        endpoints,
        redisOptions: (server) => ({ ...endpoints[server] }),
        system: endpoints.length === 1 ? "single" : "independent",
        signal: ending.signal,
        clientId: `client-${i + 1}`,
        random,
        ttlMs: LONG_MS,
      }),
    );
    const clients = await Promise.all(
      environments.map(({ environment }) => openGuarded(adapter, environment, { ...options, deadlineMs: DEADLINE_MS })),
    );
    await Promise.all(environments.map((each) => each.connected()));
    return new Bench(options, servers, clients, () => {
      ending.abort();
      for (const each of environments) each.close();
    });
  }

  /** How many locks it was granted so far. */
  get grants(): number {
    return this.#grants;
  }

  isTold(id: CheckId): boolean {
    return this.#told.has(id);
  }

  /** Makes checks where nobody has a lock. What goes wrong on the way to a check fails it. */
  async try(ids: readonly CheckId[], check: () => Promise<void>): Promise<void> {
    await this.servers.forget();
    try {
      await check();
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      for (const id of ids) if (!this.#told.has(id)) this.tell(id, failed(said(error)));
    }
    // What keeps a lock alive until its release would be taken for something that the adapter leaves behind.
    await Promise.all([...this.#unreleased].map((held) => ended(this.settling(held))));
  }

  /** @throws Error what the release rejects with, or when it does not settle in time. */
  async released(held: Held): Promise<void> {
    await withDeadline(this.settling(held), `release() did not settle within ${DEADLINE_MS} ms`);
  }

  /** What the release comes to. After one that did not settle in time, the next ones are waited for less long. */
  async settling(held: Held): Promise<unknown> {
    if (this.#releasesHang)
      return withDeadline(this.#release(held), "release() did not settle, as one before it", HANGS_AGAIN_MS);
    const late = setTimeout(() => (this.#releasesHang = true), DEADLINE_MS - HANGS_AGAIN_MS);
    try {
      return await this.#release(held);
    } finally {
      clearTimeout(late);
    }
  }

  #release(held: Held): Promise<unknown> {
    this.#unreleased.delete(held);
    return held.release();
  }

  #granted(held: Held): Held {
    this.#grants += 1;
    this.#unreleased.add(held);
    return held;
  }

  /** Tells a check that has been made. */
  tell(id: CheckId, outcome: Outcome): void {
    this.#told.add(id);
    this.options.seen({ id, title: CONFORMANCE[id], ...outcome });
  }

  /** A key that nobody has used. */
  key(): string {
    this.#keys += 1;
    return `conformance:${this.#keys}`;
  }

  /**
   * Everybody's locks expire, now, without their holders' knowing. What lasts beyond a lock, such as the counter of its
   * fencing tokens, stays, as it would: without it the next holder would be given the same token. Locks that never
   * expire can be lost only with everything else.
   */
  async expire(): Promise<void> {
    if ((await this.servers.expire(LONG_MS)) === 0) await this.servers.forget();
  }

  /** How many may hold a lock at a time. */
  get limit(): number {
    return this.options.adapter.limit ?? 1;
  }

  #client(i: number): LockClient {
    const client = this.clients[i];
    if (client === undefined) throw new RangeError(`there is no client ${i}`);
    return client;
  }

  /**
   * Client `i` asks for a lock.
   * @throws AdapterError when it comes to what no lock may come to.
   */
  async attempt(i: number, key: string, ttlMs: number, waitMs: number): Promise<Attempt> {
    const signal = AbortSignal.timeout(waitMs);
    const acquiring = this.#client(i)
      .acquire(key, ttlMs, { waitMs, signal })
      .then((held) => (held === null ? null : this.#granted(held)));
    const blocking = this.options.adapter.blocking === true;
    const settled = acquiring.then(
      (held): Attempt => (held === null ? { kind: "refused" } : { kind: "held", held }),
      (error: unknown): Attempt => {
        if (error instanceof AdapterError) throw error;
        return { kind: "threw", error };
      },
    );
    const patience = new AbortController();
    const waited = delay(waitMs + (blocking ? 0 : DEADLINE_MS), { kind: "waits" as const, later: acquiring }, patience);
    const first = await Promise.race([settled, waited.catch(() => settled)]);
    patience.abort();
    return first;
  }

  /** The lock, which is free. Where a client has to notice that first, it may ask for a while. */
  async obtain(i: number, key: string, ttlMs: number, patienceMs = DEADLINE_MS): Promise<Held> {
    const until = performance.now() + patienceMs;
    for (;;) {
      const attempt = await this.attempt(i, key, ttlMs, patienceMs);
      if (attempt.kind === "held") return attempt.held;
      if (attempt.kind === "threw")
        throw new Error(`acquire() rejected: ${said(attempt.error)}`, { cause: attempt.error });
      if (performance.now() > until) throw new Error(`it did not get a lock that was free, within ${patienceMs} ms`);
      await delay(RETRY_MS);
    }
  }

  /** As many as can hold at a time. */
  async obtainAll(key: string, ttlMs: number, patienceMs = DEADLINE_MS): Promise<Held[]> {
    const helds: Held[] = [];
    for (let i = 0; i < this.limit; i += 1) helds.push(await this.obtain(i, key, ttlMs, patienceMs));
    return helds;
  }
}
