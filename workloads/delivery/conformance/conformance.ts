/**
 * Whether the adapter of a delivery does what its contract says, on a real server and without any fault. It does not
 * say whether anything is lost under one: that is what campaigns are for.
 */
import { setTimeout as delay } from "node:timers/promises";
import { AdapterError } from "../../adapter/adapter-error.ts";
import { ended, said } from "../../adapter/conformance/calls.ts";
import type { ConformanceOptions } from "../../adapter/conformance/check.ts";
import type { Outcome } from "../../adapter/conformance/outcome.ts";
import { failed, passed, skipped } from "../../adapter/conformance/outcome.ts";
import { Servers } from "../../adapter/conformance/servers.ts";
import { DEADLINE_MS, LEAK_PATIENCE_MS } from "../../adapter/conformance/times.ts";
import { openEnvironment } from "../../adapter/open-environment.ts";
import type { OpenEnvironment } from "../../adapter/open-environment.ts";
import type { Consumption, DeliveryAdapter, DeliveryClient, Handler } from "../adapter.ts";
import { wholeFacts } from "../adapter-shape.ts";
import type { WholeFacts } from "../adapter-shape.ts";
import { openGuardedDelivery } from "../guard.ts";

/** The checks, in the order in which they are made. */
const CHECKS = {
  delivers: "hands over what was published, as it was",
  "asks-servers": "asks the servers that it is given",
  audience: "hands a message to those whom its audience names",
  large: "hands over a large text",
  "offered-again": "offers a refused message again",
  "on-time": "delays as it is asked to",
  stops: "hands over nothing once it is stopped",
  closes: "closes",
} as const;

type CheckId = keyof typeof CHECKS;

const MESSAGES = 20;
const LARGE = 2 ** 18;
const DELAY_MS = 300;
/** How long something that must not come is waited for. */
const QUIET_MS = 500;
const POLL_MS = 10;

/** Makes every check. @throws AdapterError when the adapter breaks its contract so that nothing more can be checked. */
export async function conformance(options: ConformanceOptions<DeliveryAdapter>): Promise<void> {
  const bench = await Bench.open(options);
  await bench.check("delivers", () => bench.delivers());
  await bench.check("asks-servers", () => bench.asksServers());
  await bench.check("audience", () => bench.audience());
  await bench.check("large", () => bench.large());
  await bench.check("offered-again", () => bench.offeredAgain());
  await bench.check("on-time", () => bench.onTime());
  await bench.check("stops", () => bench.stops());
  await bench.check("closes", () => bench.closes());
}

class Bench {
  readonly #options: ConformanceOptions<DeliveryAdapter>;
  readonly #facts: WholeFacts;
  readonly #servers: Servers;
  readonly #environments: readonly OpenEnvironment[];
  readonly #clients: readonly DeliveryClient[];
  readonly #ending: AbortController;
  #channels = 0;

  private constructor(
    options: ConformanceOptions<DeliveryAdapter>,
    parts: {
      readonly servers: Servers;
      readonly environments: readonly OpenEnvironment[];
      readonly clients: readonly DeliveryClient[];
      readonly ending: AbortController;
    },
  ) {
    this.#options = options;
    this.#facts = wholeFacts(options.adapter);
    this.#servers = parts.servers;
    this.#environments = parts.environments;
    this.#clients = parts.clients;
    this.#ending = parts.ending;
  }

  /** One that publishes, and two that consume. */
  static async open(options: ConformanceOptions<DeliveryAdapter>): Promise<Bench> {
    const { adapter, endpoints, random } = options;
    const ending = new AbortController();
    const environments = ["publisher", "consumer-1", "consumer-2"].map((clientId) =>
      openEnvironment({
        system: "single",
        endpoints,
        redisOptions: (server) => ({ ...endpoints[server] }),
        clientId,
        random,
        signal: ending.signal,
      }),
    );
    const clients = await Promise.all(
      environments.map(({ environment }) =>
        openGuardedDelivery(adapter, environment, { ...options, deadlineMs: DEADLINE_MS }),
      ),
    );
    await Promise.all(environments.map((each) => each.connected()));
    return new Bench(options, { servers: await Servers.at(endpoints), environments, clients, ending });
  }

  /** What goes wrong on the way to a check fails it. */
  async check(id: CheckId, check: () => Promise<Outcome>): Promise<void> {
    let outcome: Outcome;
    try {
      outcome = await check();
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      outcome = failed(said(error));
    }
    this.#options.seen({ id, title: CHECKS[id], ...outcome });
  }

  async delivers(): Promise<Outcome> {
    const channel = this.#channel();
    const got: string[] = [];
    await using _ = await this.#consumers(channel, [(text) => Promise.resolve(void got.push(text))]);
    const sent = Array.from({ length: MESSAGES }, (_each, i) => `message ${i} – “${channel}”`);
    for (const text of sent) await this.#publish(channel, text);
    await until(() => sent.every((text) => got.includes(text)));
    const missing = sent.filter((text) => !got.includes(text));
    if (missing.length > 0)
      return failed(
        `of ${MESSAGES} messages ${missing.length} did not come within ${DEADLINE_MS} ms, such as ${JSON.stringify(missing[0])}`,
      );
    const foreign = got.find((text) => !sent.includes(text));
    return foreign === undefined
      ? passed(`${MESSAGES} messages came, as they were published`)
      : failed(`it hands over ${JSON.stringify(foreign)}, which nobody published`);
  }

  async asksServers(): Promise<Outcome> {
    const channel = this.#channel();
    const before = await this.#servers.commands();
    await this.#publish(channel, "a message");
    const after = await this.#servers.commands();
    const carriedOut = [...after].filter(([command, count]) => count > (before.get(command) ?? 0));
    const where = this.#options.endpoints.map(({ host, port }) => `${host}:${port}`).join(", ");
    return carriedOut.length > 0
      ? passed(`to publish it the server carried out ${carriedOut.map(([command]) => command).join(", ")}`)
      : failed(
          `publish() resolved, and the server that it was given (${where}) has carried out no command for it: connect to environment.endpoints, or use environment.redis()`,
        );
  }

  async audience(): Promise<Outcome> {
    const channel = this.#channel();
    const [first, second]: [string[], string[]] = [[], []];
    await using _ = await this.#consumers(channel, [
      (text) => Promise.resolve(void first.push(text)),
      (text) => Promise.resolve(void second.push(text)),
    ]);
    const sent = Array.from({ length: MESSAGES }, (_each, i) => `message ${i}`);
    for (const text of sent) await this.#publish(channel, text);
    const each = this.#facts.audience === "each";
    const whole = (): boolean => first.length + second.length >= (each ? 2 : 1) * MESSAGES;
    await until(whole);
    await delay(QUIET_MS);
    const words = `two consumers got ${first.length} and ${second.length} of ${MESSAGES} messages`;
    const right = each
      ? first.length === MESSAGES && second.length === MESSAGES
      : first.length + second.length === MESSAGES;
    return right
      ? passed(words)
      : failed(
          `${words}; its audience is ${JSON.stringify(this.#facts.audience)}${each ? "" : ": one consumer of a group gets a message"}`,
        );
  }

  async large(): Promise<Outcome> {
    const channel = this.#channel();
    const text = "ü".repeat(LARGE / 2);
    const got: string[] = [];
    await using _ = await this.#consumers(channel, [(each) => Promise.resolve(void got.push(each))]);
    await this.#publish(channel, text);
    await until(() => got.length > 0);
    return got[0] === text
      ? passed(`a text of ${LARGE} bytes came whole`)
      : failed(`a text of ${LARGE} bytes ${got[0] === undefined ? "did not come" : "came as another one"}`);
  }

  async offeredAgain(): Promise<Outcome> {
    if (!this.#facts.redelivers) return skipped("it does not offer a message again (`redelivers`)");
    const channel = this.#channel();
    let offered = 0;
    const handler: Handler = () => ((offered += 1) === 1 ? Promise.reject(new Error("refused")) : Promise.resolve());
    await using _ = await this.#consumers(channel, [handler, handler]);
    await this.#publish(channel, "a message");
    const patienceMs = DEADLINE_MS + 2 * this.#facts.takeoverMs;
    await until(() => offered > 1, patienceMs);
    return offered > 1
      ? passed("a message that its handler refused was offered again")
      : failed(`a message that its handler refused was not offered again within ${patienceMs} ms`);
  }

  async onTime(): Promise<Outcome> {
    if (!this.#facts.delays) return skipped("it does not delay (`delays`)");
    const channel = this.#channel();
    let came: number | undefined;
    await using _ = await this.#consumers(channel, [() => Promise.resolve(void (came ??= performance.now()))]);
    const from = performance.now();
    await this.#clients[0]?.publish(channel, "a message", { delayMs: DELAY_MS });
    await until(() => came !== undefined);
    if (came === undefined) return failed(`a message delayed by ${DELAY_MS} ms did not come`);
    const took = Math.round(came - from);
    return took >= DELAY_MS - 1
      ? passed(`a message delayed by ${DELAY_MS} ms came after ${took} ms`)
      : failed(`a message delayed by ${DELAY_MS} ms came after ${took} ms already`);
  }

  async stops(): Promise<Outcome> {
    const channel = this.#channel();
    let count = 0;
    const consumers = await this.#consumers(channel, [() => Promise.resolve(void (count += 1))]);
    await consumers[Symbol.asyncDispose]();
    await this.#publish(channel, "a message");
    await delay(QUIET_MS);
    return count === 0
      ? passed("after stop() nothing was handed over")
      : failed("a message that was published after stop() had resolved was handed over");
  }

  async closes(): Promise<Outcome> {
    this.#ending.abort();
    const ends = await Promise.all(this.#clients.map((client) => ended(client.close?.() ?? Promise.resolve())));
    for (const environment of this.#environments) environment.close();
    this.#servers.disconnect();
    const refused = ends.find((end) => !end.startsWith("resolved"));
    if (refused !== undefined) return failed(`close() ${refused}`);
    const left = await this.#options.leftOver(LEAK_PATIENCE_MS);
    return left === undefined
      ? passed("nothing keeps its process alive")
      : failed(
          `something still keeps its process alive after close(): ${left}; close() has to end what the adapter has made: connections of its own, timers`,
        );
  }

  /** Messages of checks must not meet. */
  #channel(): string {
    this.#channels += 1;
    return `conformance:${this.#channels}`;
  }

  async #publish(channel: string, text: string): Promise<void> {
    await this.#clients[0]?.publish(channel, text, {});
  }

  /** In place until it is disposed of. */
  async #consumers(channel: string, handlers: readonly Handler[]): Promise<AsyncDisposable> {
    const consumptions: Consumption[] = [];
    for (const [i, handler] of handlers.entries()) {
      const client = this.#clients[i + 1];
      if (client === undefined) throw new RangeError(`there is no consumer ${i + 1}`);
      const consumer = { group: "conformance", name: `consumer-${i + 1}`, told: () => undefined };
      consumptions.push(await client.consume(channel, handler, consumer));
    }
    return {
      [Symbol.asyncDispose]: async () => {
        await Promise.all(consumptions.map((consumption) => consumption.stop()));
      },
    };
  }
}

async function until(isDone: () => boolean, patienceMs = DEADLINE_MS): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!isDone() && performance.now() < end) await delay(POLL_MS);
}
