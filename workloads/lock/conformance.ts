/**
 * Whether an adapter does what its contract says, on real servers and without any fault. It does not say whether the
 * lock is safe: that is what campaigns are for.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { Random } from "../../history/random.ts";
import { connected } from "../clients/connection.ts";
import { AdapterError } from "./adapter-error.ts";
import type { Endpoint, Held, LockAdapter, LockClient } from "./adapter.ts";
import { beliefOf, remainingMsOf, voicesOf } from "./belief.ts";
import { openEnvironment } from "./environment.ts";
import type { GuardOptions } from "./guard.ts";
import { openGuarded } from "./guard.ts";
import { commandsOf } from "./survey.ts";
import { tokenOf } from "./token.ts";

/** The checks, in the order in which they are made. */
export const CONFORMANCE = {
  "asks-servers": "asks the servers that it is given",
  exclusive: "exclusive",
  "null-when-held": "says null when somebody else has the lock",
  "throws-when-refused": "does not say null when servers fail",
  "release-frees": "release frees the lock",
  "release-of-others": "release leaves another's lock alone",
  expires: "the lock expires without its holder",
  extends: "extends",
  "extends-own-only": "extends only what it holds",
  validity: "validity lies within the time to live",
  "reports-loss": "says so when the lock is lost",
  "token-rises": "the fencing token rises",
  "leaves-nothing": "leaves nothing behind",
  closes: "closes",
} as const;

export type CheckId = keyof typeof CONFORMANCE;

export interface ConformanceCheck {
  readonly id: CheckId;
  /** `skipped`: the adapter does not offer it. */
  readonly state: "passed" | "failed" | "skipped";
  /** What was seen, in words. */
  readonly seen: string;
}

export interface ConformanceOptions extends Pick<GuardOptions, "named" | "note" | "fail"> {
  readonly adapter: LockAdapter;
  /** As many servers as it locks on, with nothing in them. */
  readonly endpoints: readonly Endpoint[];
  readonly random: Random;
  /** See `ProcessWatch`. */
  readonly leftOver: (patienceMs: number) => Promise<string | undefined>;
  /** Told each check as soon as it is made. */
  readonly seen: (check: ConformanceCheck) => void;
}

/**
 * Long enough that nothing expires by itself on a busy machine; and no whole number of seconds, so that rounding shows.
 */
const LONG_MS = 20_500;
const SHORT_MS = 1_200;
/** How long somebody who must not get the lock asks for it. */
const REFUSAL_MS = 300;
/** What a call may take. */
const DEADLINE_MS = 5_000;
/** How long a release is waited for when one before it has not settled. */
const HANGS_AGAIN_MS = 200;
const LEAK_PATIENCE_MS = 2_000;
const RETRY_MS = 20;

/** Makes every check. @throws AdapterError when the adapter breaks its contract so that nothing more can be checked. */
export async function conformance(options: ConformanceOptions): Promise<void> {
  const servers = await Promise.all(options.endpoints.map((endpoint) => connected({ ...endpoint })));
  const bench = await Bench.open(options, servers);
  await bench.run();
}

type Outcome = Omit<ConformanceCheck, "id">;

const passed = (seen: string): Outcome => ({ state: "passed", seen });
const failed = (seen: string): Outcome => ({ state: "failed", seen });
const skipped = (seen: string): Outcome => ({ state: "skipped", seen });

/** An attempt to get a lock, and how it ended. */
type Attempt =
  | { readonly kind: "held"; readonly held: Held }
  | { readonly kind: "refused" }
  | { readonly kind: "threw"; readonly error: unknown }
  /** It has not settled; `later` is what it comes to. */
  | { readonly kind: "waits"; readonly later: Promise<Held | null> };

class Bench {
  readonly #options: ConformanceOptions;
  readonly #servers: readonly Redis[];
  readonly #clients: readonly LockClient[];
  readonly #close: () => void;
  readonly #shortMs: number;
  readonly #told = new Set<CheckId>();
  /** What was got and has not been released. */
  readonly #unreleased = new Set<Held>();
  #grants = 0;
  /** A release has not settled in time. */
  #releasesHang = false;
  #keys = 0;

  private constructor(
    options: ConformanceOptions,
    servers: readonly Redis[],
    clients: readonly LockClient[],
    close: () => void,
  ) {
    this.#options = options;
    this.#servers = servers;
    this.#clients = clients;
    this.#close = close;
    this.#shortMs = Math.max(SHORT_MS, options.adapter.minTtlMs ?? 0);
  }

  /** One client more than can hold at a time, and one that has lost. */
  static async open(options: ConformanceOptions, servers: readonly Redis[]): Promise<Bench> {
    const { adapter, endpoints, random } = options;
    const environments = Array.from({ length: (adapter.limit ?? 1) + 2 }, (_, i) =>
      openEnvironment({
        endpoints,
        redisOptions: (server) => ({ ...endpoints[server] }),
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
      for (const each of environments) each.close();
    });
  }

  async run(): Promise<void> {
    await this.#try(["asks-servers"], () => this.#asking());
    await this.#try(["exclusive", "null-when-held", "release-frees"], () => this.#exclusion());
    if (this.#grants > 0) await this.#tryWhatNeedsGrants();
    else this.#skipWhatNeedsGrants();
    await this.#try(["closes"], () => this.#closing());
  }

  async #tryWhatNeedsGrants(): Promise<void> {
    await this.#try(["throws-when-refused"], () => this.#refusedWrites());
    await this.#try(["release-of-others"], () => this.#releaseOfOthers());
    await this.#try(["expires"], () => this.#expiry());
    await this.#try(["extends"], () => this.#extension());
    await this.#try(["extends-own-only"], () => this.#extensionOfOthers());
    await this.#try(["validity", "reports-loss"], () => this.#belief());
    await this.#try(["token-rises"], () => this.#tokens());
    await this.#try(["leaves-nothing"], () => this.#remains());
  }

  /**
   * A client that is never granted anything refuses, frees and keeps nothing either: it would pass some of the checks.
   */
  #skipWhatNeedsGrants(): void {
    for (const id of Object.keys(CONFORMANCE) as CheckId[])
      if (id !== "closes" && !this.#told.has(id)) this.#tell(id, skipped("not tried, as it was never granted a lock"));
  }

  /** What goes wrong on the way to a check fails it. */
  async #try(ids: readonly CheckId[], check: () => Promise<void>): Promise<void> {
    await this.#forget();
    try {
      await check();
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      for (const id of ids) if (!this.#told.has(id)) this.#tell(id, failed(said(error)));
    }
    // What keeps a lock alive until its release would be taken for something that the adapter leaves behind.
    await Promise.all([...this.#unreleased].map((held) => ended(this.#settling(held))));
  }

  /** @throws Error what the release rejects with, or when it does not settle in time. */
  async #released(held: Held): Promise<void> {
    await withDeadline(this.#settling(held), `release() did not settle within ${DEADLINE_MS} ms`);
  }

  /** Whoever has once waited in vain for a release does not wait for the next one as long. */
  async #settling(held: Held): Promise<unknown> {
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

  #tell(id: CheckId, outcome: Outcome): void {
    this.#told.add(id);
    this.#options.seen({ id, ...outcome });
  }

  /** A key that nobody has used. */
  #key(): string {
    this.#keys += 1;
    return `conformance:${this.#keys}`;
  }

  get #limit(): number {
    return this.#options.adapter.limit ?? 1;
  }

  #client(i: number): LockClient {
    const client = this.#clients[i];
    if (client === undefined) throw new RangeError(`there is no client ${i}`);
    return client;
  }

  /** @throws AdapterError when it comes to what no lock may come to. */
  async #attempt(i: number, key: string, ttlMs: number, waitMs: number): Promise<Attempt> {
    const signal = AbortSignal.timeout(waitMs);
    const acquiring = this.#client(i)
      .acquire(key, ttlMs, { waitMs, signal })
      .then((held) => (held === null ? null : this.#granted(held)));
    const blocking = this.#options.adapter.blocking === true;
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
  async #obtain(i: number, key: string, ttlMs: number, patienceMs = DEADLINE_MS): Promise<Held> {
    const until = performance.now() + patienceMs;
    for (;;) {
      const attempt = await this.#attempt(i, key, ttlMs, patienceMs);
      if (attempt.kind === "held") return attempt.held;
      if (attempt.kind === "threw")
        throw new Error(`acquire() rejected: ${said(attempt.error)}`, { cause: attempt.error });
      if (performance.now() > until) throw new Error(`it did not get a lock that was free, within ${patienceMs} ms`);
      await delay(RETRY_MS);
    }
  }

  /** As many as can hold at a time. */
  async #obtainAll(key: string, ttlMs: number, patienceMs = DEADLINE_MS): Promise<Held[]> {
    const helds: Held[] = [];
    for (let i = 0; i < this.#limit; i += 1) helds.push(await this.#obtain(i, key, ttlMs, patienceMs));
    return helds;
  }

  /** Nobody else asks these servers for anything meanwhile, and a grant that they know nothing of is not theirs. */
  async #asking(): Promise<void> {
    const before = await this.#commands();
    await this.#obtain(0, this.#key(), LONG_MS);
    const carriedOut = differences(before, await this.#commands());
    const where = this.#options.endpoints.map(({ host, port }) => `${host}:${port}`).join(", ");
    this.#tell(
      "asks-servers",
      carriedOut.length > 0
        ? passed(`for a grant the servers carried out ${carriedOut.join(", ")}`)
        : failed(
            `acquire() gave a lock, and no server that it was given (${where}) has carried out a command for it: it asks somebody else, such as a server at an address of its own, or a mock. Connect to environment.endpoints, or use environment.redis()`,
          ),
    );
  }

  /** How often each command was carried out so far, on all servers together. */
  async #commands(): Promise<ReadonlyMap<string, number>> {
    const all = new Map<string, number>();
    for (const commands of await Promise.all(this.#servers.map(commandsOf)))
      for (const [command, count] of Object.entries(commands)) all.set(command, (all.get(command) ?? 0) + count);
    return all;
  }

  async #exclusion(): Promise<void> {
    const key = this.#key();
    const helds = await this.#obtainAll(key, LONG_MS);
    const attempt = await this.#attempt(this.#limit, key, LONG_MS, REFUSAL_MS);
    this.#tell(
      "exclusive",
      attempt.kind === "held"
        ? failed(`client ${this.#limit + 1} got the lock while ${this.#limit} held it`)
        : passed(
            `client ${this.#limit + 1} did not get what ${this.#limit === 1 ? "another held" : `${this.#limit} others held`}`,
          ),
    );
    this.#tell("null-when-held", refusal(attempt, this.#options.adapter.blocking === true));
    await this.#freed(key, helds, attempt);
  }

  async #freed(key: string, helds: readonly Held[], attempt: Attempt): Promise<void> {
    try {
      for (const held of helds) await this.#released(held);
      if (attempt.kind === "waits")
        await withDeadline(attempt.later, "the client that waited did not get the lock after the release");
      else await this.#obtain(this.#limit, key, LONG_MS);
      this.#tell("release-frees", passed("after the release another client got the lock"));
    } catch (error) {
      this.#tell("release-frees", failed(said(error)));
    }
  }

  /**
   * Nobody has this lock, and no server has the memory for a write: whoever says that somebody has it takes an error
   * for a no.
   */
  async #refusedWrites(): Promise<void> {
    const attempt = await this.#withoutMemory(() => this.#attempt(0, this.#key(), LONG_MS, REFUSAL_MS));
    this.#tell("throws-when-refused", candour(attempt, this.#options.adapter.blocking === true));
    if (attempt.kind === "waits") {
      const late = "the client that waited did not get the lock when the servers took writes again";
      await withDeadline(attempt.later, late);
    }
  }

  async #withoutMemory<T>(body: () => Promise<T>): Promise<T> {
    const limited = (bytes: number): Promise<unknown> =>
      Promise.all(this.#servers.map((server) => server.config("SET", "maxmemory", bytes)));
    await limited(1);
    try {
      return await body();
    } finally {
      await limited(0);
    }
  }

  async #forget(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.flushall()));
  }

  /**
   * Everybody's locks expire, now, without their holders' knowing. What lasts beyond a lock, such as the counter of its
   * fencing tokens, stays, as it would: without it the next holder would be given the same token. Locks that never
   * expire can be lost only with everything else.
   */
  async #expire(): Promise<void> {
    const expiring = (await this.#timesToLive()).filter(({ ttlMs }) => ttlMs >= 0 && ttlMs <= LONG_MS);
    if (expiring.length === 0) return this.#forget();
    for (const { server, key } of expiring) await server.del(key);
  }

  async #releaseOfOthers(): Promise<void> {
    const { key, lost } = await this.#lostLock();
    const released = await ended(this.#settling(lost));
    const attempt = await this.#attempt(this.#limit, key, LONG_MS, REFUSAL_MS);
    this.#tell(
      "release-of-others",
      attempt.kind === "held"
        ? failed(`its late release (${released}) freed the lock of the client that had it by then`)
        : passed(`a late release (${released}) left the lock to the client that had it by then`),
    );
  }

  /** A lock that its holder has lost to others, without having been told. */
  async #lostLock(): Promise<{ key: string; lost: Held }> {
    const key = this.#key();
    const lost = await this.#obtain(this.#limit + 1, key, LONG_MS);
    await this.#expire();
    await this.#obtainAll(key, LONG_MS);
    return { key, lost };
  }

  async #expiry(): Promise<void> {
    const before = performance.now();
    await this.#obtain(0, this.#key(), LONG_MS);
    const left = await this.#timesToLive();
    // What was set was set since then.
    const elapsed = Math.ceil(performance.now() - before);
    const finite = left.filter(({ ttlMs }) => ttlMs >= 0);
    const longest = Math.max(...finite.map(({ ttlMs }) => ttlMs));
    this.#tell(
      "expires",
      left.length === 0
        ? skipped("no server has any key while the lock is held")
        : finite.length === 0
          ? failed(`${left.map(({ key }) => key).join(", ")} would stay for good if its holder died`)
          : longest + elapsed < LONG_MS
            ? failed(
                `asked for ${LONG_MS} ms, the server had ${longest} ms left ${elapsed} ms later: the lock ends before its holder was told. Where the library counts in seconds, round up`,
              )
            : passed(`asked for ${LONG_MS} ms, the server has ${longest} ms left`),
    );
  }

  async #timesToLive(): Promise<{ server: Redis; key: string; ttlMs: number }[]> {
    const lists = await Promise.all(
      this.#servers.map(async (server) => {
        const keys = await server.keys("*");
        return Promise.all(keys.map(async (key) => ({ server, key, ttlMs: await server.pttl(key) })));
      }),
    );
    return lists.flat();
  }

  async #extension(): Promise<void> {
    const key = this.#key();
    const held = await this.#obtain(0, key, this.#shortMs);
    const got = performance.now();
    if (held.extend === undefined) {
      this.#tell("extends", skipped("it has no extend()"));
    } else {
      const extended = await ended(held.extend(LONG_MS));
      await delay(Math.max(0, this.#shortMs + REFUSAL_MS - (performance.now() - got)));
      for (let i = 1; i < this.#limit; i += 1) await this.#obtain(i, key, LONG_MS);
      const attempt = await this.#attempt(this.#limit, key, LONG_MS, REFUSAL_MS);
      this.#tell(
        "extends",
        attempt.kind === "held"
          ? failed(`extend() ${extended}, but the lock was free after its first ${this.#shortMs} ms`)
          : passed(`extend() ${extended}, and the lock was still held after its first ${this.#shortMs} ms`),
      );
    }
  }

  async #extensionOfOthers(): Promise<void> {
    const { lost } = await this.#lostLock();
    if (lost.extend === undefined) {
      this.#tell("extends-own-only", skipped("it has no extend()"));
    } else {
      const extended = await ended(lost.extend(LONG_MS));
      this.#tell(
        "extends-own-only",
        /^resolved to false|^rejected/.test(extended)
          ? passed(`extend() of a lock that another client had by then ${extended}`)
          : failed(`extend() of a lock that another client had by then ${extended}`),
      );
    }
  }

  async #belief(): Promise<void> {
    const key = this.#key();
    const before = Date.now();
    const held = await this.#obtain(this.#limit + 1, key, this.#shortMs);
    const remaining = remainingMsOf(held);
    // What the library counts from an earlier moment is less, and what it counts from a later one is too much.
    const most = this.#shortMs - (Date.now() - before);
    this.#tell(
      "validity",
      remaining === undefined
        ? skipped("it has no validUntil()")
        : remaining > 0 && remaining <= this.#shortMs
          ? passed(`${remaining} ms of ${this.#shortMs} were left at once`)
          : failed(`of ${this.#shortMs} ms, ${remaining} were left at once; at most ${most} can be`),
    );
    const granted = performance.now();
    await this.#expire();
    await this.#obtainAll(key, LONG_MS);
    this.#tell("reports-loss", await this.#lossOf(held, granted + this.#shortMs));
  }

  /** @param until when the time to live is over, on the clock of `performance.now()` */
  async #lossOf(held: Held, until: number): Promise<Outcome> {
    const voices = voicesOf(held);
    if (voices.length === 0)
      return skipped("it has neither isHeld() nor validUntil() nor signal: it says nothing until the release");
    const started = performance.now();
    const patienceMs = 2 * this.#shortMs + DEADLINE_MS;
    while (performance.now() - started < patienceMs) {
      if (!(await beliefOf(held)).held)
        return passed(
          `its key was removed behind its back and given to another client; ${voices.join(", ")} said so ${soonness(performance.now(), started, until)}`,
        );
      await delay(RETRY_MS);
    }
    return failed(
      `its key was removed behind its back and given to another client, and ${voices.join(", ")} still said that it held ${patienceMs} ms later, long after its ${this.#shortMs} ms to live: whoever relies on it is never told`,
    );
  }

  async #tokens(): Promise<void> {
    const key = this.#key();
    const tokens: (number | string)[] = [];
    for (let i = 0; i < 3; i += 1) {
      const held = await this.#obtain(i % this.#clients.length, key, LONG_MS);
      const token = tokenOf(held);
      if (token !== undefined) tokens.push(token);
      await this.#released(held);
    }
    const rises = tokens.every((token, i) => i === 0 || BigInt(token) > BigInt(tokens[i - 1] ?? 0));
    const list = tokens.join(", ");
    this.#tell(
      "token-rises",
      tokens.length === 0
        ? skipped("it has no token")
        : rises && tokens.length === 3
          ? passed(list)
          : failed(`three grants, tokens ${list}`),
    );
  }

  async #remains(): Promise<void> {
    const held = await this.#obtain(0, this.#key(), LONG_MS);
    const token = tokenOf(held);
    await this.#released(held);
    const forGood = (await this.#timesToLive()).filter(({ ttlMs }) => ttlMs === -1).map(({ key }) => key);
    const names = [...new Set(forGood)].join(", ");
    this.#tell(
      "leaves-nothing",
      forGood.length === 0
        ? passed("no key without an expiry was left")
        : token === undefined
          ? failed(`${names} was left without an expiry`)
          : passed(`${names} was left without an expiry, which a lock with tokens may need`),
    );
  }

  async #closing(): Promise<void> {
    const closable = this.#clients.some((client) => client.close !== undefined);
    const ends = await Promise.all(this.#clients.map((client) => ended(client.close?.() ?? Promise.resolve())));
    this.#close();
    for (const server of this.#servers) server.disconnect();
    const left = await this.#options.leftOver(LEAK_PATIENCE_MS);
    const refused = ends.find((end) => !end.startsWith("resolved"));
    this.#tell(
      "closes",
      refused !== undefined
        ? failed(`close() ${refused}`)
        : left === undefined
          ? passed("nothing keeps its process alive")
          : failed(
              `${closable ? "after close()" : "it has no close(), and"} something still keeps its process alive: ${left}; close() has to end what the adapter has made: connections of its own, timers`,
            ),
    );
  }
}

/** What is good and what is bad about the moment at which a lock that nobody has told says that it is lost. */
function soonness(now: number, lost: number, until: number): string {
  const after = `${Math.round(now - lost)} ms later`;
  // What is asked every so often is heard of late by as much.
  return now <= until + RETRY_MS
    ? `${after}, within its time to live, which is all that a lock can promise whom no server tells of the loss`
    : `${after}, which is ${Math.round(now - until)} ms after its time to live: until then it wrongly said that it held, as one does that only looks now and then`;
}

/** Such as `2 set`. */
function differences(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  return [...after].flatMap(([command, count]) => {
    const more = count - (before.get(command) ?? 0);
    return more > 0 ? [`${more} ${command}`] : [];
  });
}

function candour(attempt: Attempt, blocking: boolean): Outcome {
  switch (attempt.kind) {
    case "refused":
      return failed("acquire() resolved to null, though nobody had the lock: every server had refused to write");
    case "threw":
      return passed(`every server refused to write: acquire() rejected: ${said(attempt.error)}`);
    case "held":
      return skipped("it got the lock: what it sends to servers is not refused when they are out of memory");
    case "waits":
      return blocking
        ? skipped("it cannot say no, but only wait")
        : failed("every server refused to write, and acquire() did not settle");
  }
}

function refusal(attempt: Attempt, blocking: boolean): Outcome {
  switch (attempt.kind) {
    case "refused":
      return passed("acquire() resolved to null");
    case "waits":
      return blocking
        ? skipped("it can only wait (blocking)")
        : failed("acquire() did not settle in its time; if it can only wait, say `blocking: true`");
    case "threw":
      return failed(`acquire() rejected, which says that nobody knows: ${said(attempt.error)}`);
    case "held":
      return failed("acquire() gave the lock");
  }
}

async function withDeadline<T>(promise: Promise<T>, otherwise: string, deadlineMs = DEADLINE_MS): Promise<T> {
  const patience = new AbortController();
  const late = delay(deadlineMs, undefined, patience).then(() => {
    throw new Error(otherwise);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => undefined);
    patience.abort();
  }
}

/** How a call ended, in words: `resolved to true`, `rejected: …`, `did not settle`. */
async function ended(call: Promise<unknown>): Promise<string> {
  try {
    const value = await withDeadline(call, "did not settle");
    return `resolved to ${typeof value === "object" && value !== null ? "an object" : String(value)}`;
  } catch (error) {
    const message = said(error);
    return message === "did not settle" ? message : `rejected: ${message}`;
  }
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
