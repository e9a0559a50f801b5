/** Consumes messages by a handler that works, refuses, leaves and comes back as its options say. */
import type { DeliveryEvents } from "../../history/vocabulary/delivery.ts";
import { pause } from "../../machine/long-timeout.ts";
import { AdapterError } from "../adapter/adapter-error.ts";
import { useAdapter } from "../adapter/use-adapter.ts";
import { connected } from "../clients/connection.ts";
import { SideEffects } from "../clients/side-effects.ts";
import type { LogicalClient, RecordedCompletion, WorkerContext } from "../workload.ts";
import type { Consumption, DeliveryClient } from "./adapter.ts";
import { wholeFacts } from "./adapter-shape.ts";
import type { WholeFacts } from "./adapter-shape.ts";
import { openGuardedDelivery } from "./guard.ts";
import { deliveryKind } from "./kind.ts";
import type { ConsumerOptions } from "./options.ts";
import { SentMessages } from "./sent-messages.ts";
import { messageIn } from "./text.ts";

type ConsumerEvents = Pick<DeliveryEvents, "subscribe" | "unsubscribe" | "told" | "deliver" | "effect" | "ack">;
type Effects = SideEffects<{ readonly message: string; readonly delivery: string }>;

/** How long nothing must have come before consumers take it that nothing more will. */
const QUIET_MS = 2_000;
const POLL_MS = 100;

export async function consume(context: WorkerContext<ConsumerEvents>, options: ConsumerOptions): Promise<void> {
  const wishes = { ...options, name: options.delivery, source: options.adapter };
  await useAdapter(context, deliveryKind, wishes, async ({ adapter, environment, guard, connected: up }) => {
    const client = await openGuardedDelivery(adapter, environment, guard);
    await up();
    const resource = await connected({ ...context.resource, protocol: 3 });
    const channels = options.channels.map((channel) => ({
      channel,
      effects: new SideEffects<{ readonly message: string; readonly delivery: string }>(resource, channel),
      sent: new SentMessages(resource, channel),
    }));
    const consumers = channels.map((each) => new Consumer(context, options, client, wholeFacts(adapter), each));
    for (const started of await Promise.all(consumers.map((consumer) => consumer.start())))
      if (started.type !== "ok")
        throw new AdapterError({
          adapter: guard.named,
          problem: `does not consume: consume() came to ${JSON.stringify(started.error)}`,
          remedy:
            "consume() must resolve when the consumer is in place; every server is up and no fault acts before the load",
        });
    await context.ready();
    await Promise.all(consumers.map((consumer) => consumer.run()));
    await client.close?.();
  });
}

/** A `deliver` that is open. */
interface Waiting {
  /** @param value undefined when nothing more is waited for */
  readonly arrived: (value: DeliveryEvents["deliver"]["ok"] | undefined) => void;
  readonly recorded: Promise<unknown>;
}

interface Channel {
  readonly channel: string;
  readonly effects: Effects;
  readonly sent: SentMessages;
}

class Consumer {
  readonly #context: WorkerContext<ConsumerEvents>;
  readonly #options: ConsumerOptions;
  readonly #client: DeliveryClient;
  readonly #facts: WholeFacts;
  readonly #channel: Channel;
  /** A handler may be called while another one is at work: each needs a process of its own. */
  readonly #idle: LogicalClient<ConsumerEvents>[] = [];
  readonly #received = new Set<string>();
  readonly #refused = new Set<string>();
  #consumption: Consumption | undefined;
  #waiting: Waiting | undefined;
  #deliveries = 0;
  #stays = 0;
  #last = performance.now();

  constructor(
    context: WorkerContext<ConsumerEvents>,
    options: ConsumerOptions,
    client: DeliveryClient,
    facts: WholeFacts,
    channel: Channel,
  ) {
    this.#context = context;
    this.#options = options;
    this.#client = client;
    this.#facts = facts;
    this.#channel = channel;
  }

  async start(): Promise<RecordedCompletion<ConsumerEvents["subscribe"]>> {
    const { channel } = this.#channel;
    this.#stays += 1;
    const name = `${this.#context.worker}-${this.#stays}`;
    const value = { channel, consumer: name };
    const told = (isConnected: boolean): void => {
      const said = { ...value, connected: isConnected };
      void this.#as((logical) => logical.operation("told", said, ({ ok }) => Promise.resolve(ok(said)), READS));
    };
    const started = await this.#as((logical) =>
      logical.operation(
        "subscribe",
        value,
        async ({ ok }) => {
          const consumer = { group: this.#options.group, name, told };
          this.#consumption = await this.#client.consume(channel, (text) => this.#handle(text), consumer);
          return ok(value);
        },
        { ...READS, deadlineMs: this.#options.deadlineMs },
      ),
    );
    if (started.type === "ok" && this.#waiting === undefined) this.#wait();
    return started;
  }

  /** From now on it waits for a message: how long it does so in vain is seen by an operation that stays open. */
  #wait(): void {
    const { channel } = this.#channel;
    const arrival = Promise.withResolvers<DeliveryEvents["deliver"]["ok"] | undefined>();
    const recorded = this.#as((logical) =>
      logical.operation(
        "deliver",
        { channel },
        async ({ ok, fail }) => {
          const value = await arrival.promise;
          return value === undefined ? fail({ channel }, "end") : ok(value);
        },
        READS,
      ),
    );
    this.#waiting = { arrived: arrival.resolve, recorded };
  }

  /** Resolves when the arrival is recorded; a message may come before its consumer was told that it is in place. */
  async #arrived(value: DeliveryEvents["deliver"]["ok"]): Promise<void> {
    if (this.#waiting === undefined) this.#wait();
    const waiting = this.#waiting;
    this.#wait();
    waiting?.arrived(value);
    await waiting?.recorded;
  }

  /** Until the load is over and nothing more comes; one that leaves now and then comes back by another name. */
  async run(): Promise<void> {
    const { loading, settling } = this.#context;
    const { stayMs } = this.#options;
    while (stayMs > 0 && !loading.aborted) {
      await pause(stayMs);
      if (loading.aborted) break;
      await this.#leave();
      await this.start();
    }
    while (!settling.aborted) await pause(POLL_MS);
    await this.#catchUp();
    await this.#leave();
  }

  async #leave(): Promise<void> {
    const consumption = this.#consumption;
    this.#consumption = undefined;
    if (consumption === undefined) return;
    const value = { channel: this.#channel.channel, consumer: `${this.#context.worker}-${this.#stays}` };
    await this.#as((logical) =>
      logical.operation(
        "unsubscribe",
        value,
        async ({ ok }) => {
          await consumption.stop();
          return ok(value);
        },
        { ...READS, deadlineMs: this.#options.deadlineMs },
      ),
    );
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.arrived(undefined);
    await waiting?.recorded;
  }

  async #handle(text: string): Promise<void> {
    const { random, worker } = this.#context;
    const { workMs, refuseEvery } = this.#options;
    this.#last = performance.now();
    this.#deliveries += 1;
    const { channel, effects } = this.#channel;
    const message = messageIn(text);
    const value = { channel, message, delivery: `${worker}-${channel}-${this.#deliveries}` };
    this.#received.add(message);
    const mayRefuse =
      this.#facts.redelivers && refuseEvery > 0 && this.#deliveries % refuseEvery === 0 && !this.#refused.has(message);
    await this.#arrived(value);
    await this.#as(async (logical) => {
      await this.#context.barrier("delivered");
      await pause(random.integer(0, workMs));
      if (mayRefuse) {
        this.#refused.add(message);
        await logical.operation("ack", value, ({ fail }) => Promise.resolve(fail(value, "refused by its handler")));
        throw new Error("refused by its handler");
      }
      await logical.operation("effect", value, async ({ ok }) => {
        await effects.make({ message, delivery: value.delivery });
        return ok(value);
      });
      await this.#context.barrier("worked");
      await logical.operation("ack", value, ({ ok }) => Promise.resolve(ok(value)));
    });
    this.#last = performance.now();
  }

  /** Until all that was sent has arrived, or nothing has come for a while. */
  async #catchUp(): Promise<void> {
    const { settleMs } = this.#options;
    const { audience, takeoverMs } = this.#facts;
    const { effects, sent } = this.#channel;
    const quietMs = QUIET_MS + (audience === "group" ? takeoverMs : 0);
    const until = performance.now() + settleMs + quietMs;
    while (performance.now() < until && performance.now() - this.#last < quietMs) {
      const arrived =
        audience === "each" ? this.#received : new Set((await effects.all()).map(({ message }) => message));
      if ([...(await sent.all())].every((message) => arrived.has(message))) return;
      await pause(POLL_MS);
    }
  }

  /** By a process that does nothing else meanwhile. */
  async #as<T>(act: (logical: LogicalClient<ConsumerEvents>) => Promise<T>): Promise<T> {
    const logical = this.#idle.pop() ?? this.#context.client();
    try {
      return await act(logical);
    } finally {
      this.#idle.push(logical);
    }
  }
}

const READS = { reads: true };
