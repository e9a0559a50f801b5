/** Publishes numbered unique messages, one after the other or in bursts. */
import type { DeliveryEvents } from "../../history/vocabulary/delivery.ts";
import { pause } from "../../machine/long-timeout.ts";
import { useAdapter } from "../adapter/use-adapter.ts";
import { connected } from "../clients/connection.ts";
import type { LogicalClient, WorkerContext } from "../workload.ts";
import type { DeliveryClient } from "./adapter.ts";
import { wholeFacts } from "./adapter-shape.ts";
import { openGuardedDelivery } from "./guard.ts";
import { deliveryKind } from "./kind.ts";
import type { PublisherOptions } from "./options.ts";
import { SentMessages } from "./sent-messages.ts";
import { textOf } from "./text.ts";

type PublisherEvents = Pick<DeliveryEvents, "publish">;

export async function publish(context: WorkerContext<PublisherEvents>, options: PublisherOptions): Promise<void> {
  const wishes = { ...options, name: options.delivery, source: options.adapter };
  await useAdapter(context, deliveryKind, wishes, async ({ adapter, environment, guard, connected: up }) => {
    const client = await openGuardedDelivery(adapter, environment, guard);
    await up();
    const resource = await connected({ ...context.resource, protocol: 3 });
    const publisher = new Publisher(context, options, client, wholeFacts(adapter).delays);
    await context.ready();
    await publisher.run();
    for (const [channel, sent] of publisher.sent) await new SentMessages(resource, channel).add(sent);
    await client.close?.();
  });
}

class Publisher {
  /** What was sent with success, by channel. */
  readonly sent = new Map<string, string[]>();
  readonly #context: WorkerContext<PublisherEvents>;
  readonly #options: PublisherOptions;
  readonly #client: DeliveryClient;
  readonly #delays: boolean;
  readonly #logical: readonly LogicalClient<PublisherEvents>[];
  readonly #numbers = new Map<string, number>();

  constructor(
    context: WorkerContext<PublisherEvents>,
    options: PublisherOptions,
    client: DeliveryClient,
    delays: boolean,
  ) {
    this.#context = context;
    this.#options = options;
    this.#client = client;
    this.#delays = delays;
    this.#logical = Array.from({ length: options.burst }, () => context.client());
  }

  async run(): Promise<void> {
    const { loading, random } = this.#context;
    while (!loading.aborted) {
      await this.#context.barrier("before-publish");
      await Promise.all(this.#logical.map((logical) => this.#one(logical)));
      await pause(random.integer(0, this.#options.everyMs));
    }
  }

  async #one(logical: LogicalClient<PublisherEvents>): Promise<void> {
    const { channels, maxBytes, maxDelayMs, deadlineMs } = this.#options;
    const { random, worker } = this.#context;
    const channel = channels[random.integer(0, channels.length - 1)] ?? "";
    const number = (this.#numbers.get(channel) ?? 0) + 1;
    this.#numbers.set(channel, number);
    const message = `${worker}:${number}`;
    const text = textOf(message, random.integer(0, maxBytes));
    const delayMs = this.#delays && maxDelayMs > 0 ? random.integer(1, maxDelayMs) : undefined;
    const value = { channel, message, ...(delayMs === undefined ? {} : { dueMs: delayMs }) };
    const recorded = await logical.operation(
      "publish",
      value,
      async ({ ok }) => {
        const answer = await this.#client.publish(channel, text, delayMs === undefined ? {} : { delayMs });
        return ok({ ...value, receivers: typeof answer === "number" ? answer : null });
      },
      { deadlineMs: deadlineMs + (delayMs ?? 0) },
    );
    if (recorded.type !== "ok") return;
    const sent = this.sent.get(channel) ?? [];
    this.sent.set(channel, sent);
    sent.push(message);
  }
}
