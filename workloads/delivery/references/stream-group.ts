/**
 * A stream and a consumer group (https://redis.io/docs/latest/develop/data-types/streams/#consumer-groups): an entry is
 * acknowledged when its handler has dealt with it, and what nobody acknowledges in time is taken over.
 */
import type { AdapterEnvironment } from "../../adapter/adapter.ts";
import type { Consumer, Consumption, DeliveryAdapter, Handler } from "../adapter.ts";
import { ConsumerGroup } from "../../stream/consumer-group.ts";

const BLOCK_MS = 100;
/** How long an entry must have been unacknowledged before another consumer takes it over. */
const MIN_IDLE_MS = 1_000;
const RETRY_MS = 50;

export interface GroupFlaws {
  /** Acknowledges an entry before its handler has dealt with it. */
  readonly acknowledgesFirst?: boolean;
  /** Reads new entries only. */
  readonly neverClaims?: boolean;
  /** Looks for abandoned entries from this one on, and never goes back to the start. */
  readonly losesCursor?: boolean;
  /** Makes its group at the start, and never again where the server has lost it. */
  readonly neverMakesGroupAgain?: boolean;
}

export const streamGroup: DeliveryAdapter = groupAdapter("stream-group");

export function groupAdapter(name: string, flaws: GroupFlaws = {}): DeliveryAdapter {
  return {
    kind: "delivery",
    name,
    contract: "at-least-once",
    systems: ["single", "sentinel"],
    // It looks for them in every half of the idle time.
    takeoverMs: 2 * MIN_IDLE_MS,
    open: (environment) => {
      const publisher = environment.redis();
      return {
        publish: (channel, text) => publisher.xadd(channel, "*", "text", text),
        consume: (channel, handler, consumer) => consume(environment, channel, handler, { consumer, flaws }),
      };
    },
  };
}

async function consume(
  environment: AdapterEnvironment,
  channel: string,
  handler: Handler,
  { consumer, flaws }: { readonly consumer: Consumer; readonly flaws: GroupFlaws },
): Promise<Consumption> {
  const server = environment.redis();
  const group = new ConsumerGroup(server, {
    stream: channel,
    group: consumer.group,
    consumer: consumer.name,
    minIdleMs: MIN_IDLE_MS,
    blockMs: BLOCK_MS,
    ...(flaws.neverClaims === true ? { claims: false } : {}),
    ...(flaws.losesCursor === true ? { keepsCursor: true } : {}),
  });
  await group.create();
  const stopping = new AbortController();
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await server.quit();
    },
  };

  async function run(): Promise<void> {
    let isGone = false;
    while (!stopping.signal.aborted) {
      try {
        if (isGone) await group.create();
        isGone = false;
        const entry = await group.next(stopping.signal);
        if (entry === undefined) continue;
        if (flaws.acknowledgesFirst === true) await group.acknowledge(entry.id);
        await handler(entry.message);
        if (flaws.acknowledgesFirst !== true) await group.acknowledge(entry.id);
      } catch (error) {
        // The handler refused it, or the server did not answer: the entry stays pending, and is taken over later.
        if (flaws.neverMakesGroupAgain !== true) isGone ||= isGroupGone(error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}

/** The server has come back without the group, or without the stream. */
function isGroupGone(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("NOGROUP");
}
