/**
 * Numbered unique messages through a stream and a consumer group
 * (https://redis.io/docs/latest/develop/data-types/streams/): producers, and consumers that take over what others left
 * unacknowledged.
 */
import { z } from "zod";
import { pause } from "../../machine/long-timeout.ts";
import type { Redis } from "ioredis";
import type { StreamEvents } from "../../history/vocabulary/messages.ts";
import { STREAM } from "../../history/vocabulary/messages.ts";
import { connected } from "../clients/connection.ts";
import { connectionOptions } from "../clients/profiles.ts";
import type { Workload } from "../role.ts";
import { ms, role, timerMs } from "../role.ts";
import type { RecordedCompletion, WorkerSurroundings } from "../workload.ts";
import { ConsumerGroup } from "./consumer-group.ts";

const GROUP = "workers";
const BLOCK_MS = 50;
/** How long consumers go on at the end while entries are left: what a busy machine has not read yet is not lost. */
const CATCH_UP_MS = 15_000;

const SHARED = {
  channel: z.string().default("orders").describe("the stream's key"),
  commandTimeoutMs: timerMs.default(2_000).describe("how long the client waits for a reply"),
};

const producer = role(
  {
    options: { ...SHARED, everyMs: ms.default(8).describe("the longest pause between two messages") },
    events: { add: STREAM.add },
  },
  async (context, { channel, everyMs, commandTimeoutMs }) => {
    const server = await openServer(context, commandTimeoutMs);
    const logical = context.client();
    await context.ready();
    for (let number = 1; !context.loading.aborted; number += 1) {
      const value = { channel, message: `${context.worker}:${number}` };
      await logical.operation("add", value, async ({ ok }) => {
        const id = await server.xadd(channel, "*", "message", value.message);
        return ok({ ...value, id });
      });
      await pause(context.random.integer(0, everyMs));
    }
  },
);

const consumer = role(
  {
    options: {
      ...SHARED,
      workMs: ms.default(4).describe("the longest time between delivery and acknowledgement"),
      minIdleMs: ms
        .default(500)
        .describe("how long an entry must have been unacknowledged before XAUTOCLAIM takes it over"),
    },
    barriers: { delivered: "a message was handed out and is not yet acknowledged" },
    events: { deliver: STREAM.deliver, ack: STREAM.ack },
  },
  async (context, { channel, workMs, minIdleMs, commandTimeoutMs }) => {
    const group = new ConsumerGroup(await openServer(context, commandTimeoutMs), {
      stream: channel,
      group: GROUP,
      consumer: context.worker,
      minIdleMs,
      blockMs: BLOCK_MS,
    });
    await group.create();
    const hasMore = catchUp();
    const logical = context.client();
    await context.ready();
    while (!context.settling.aborted || (await hasMore(group))) {
      const delivered = await logical.operation("deliver", { channel }, async ({ ok, fail }) => {
        const entry = await group.next(context.settling);
        return entry === undefined ? fail({ channel }, "end") : ok({ channel, ...entry });
      });
      if (delivered.type !== "ok") {
        // Without a connection a question fails at once, and to ask again at once would keep the process from ever
        // making a new one.
        await pause(BLOCK_MS);
        continue;
      }
      await context.barrier("delivered");
      await pause(context.random.integer(0, workMs));
      const { message, id } = delivered.value;
      const value = { channel, message, id };
      await untilAcknowledged(context, () =>
        logical.operation("ack", value, async ({ ok }) => {
          await group.acknowledge(id);
          return ok(value);
        }),
      );
    }
  },
);

export const streamWorkload = { name: "stream", roles: { producer, consumer } } as const satisfies Workload;

/** Whether entries are left after the run has settled, for as long as they are waited for. */
function catchUp(): (group: ConsumerGroup) => Promise<boolean> {
  let since: number | undefined;
  return async (group) => {
    since ??= performance.now();
    if (performance.now() - since > CATCH_UP_MS) return false;
    // A server that does not answer has nothing to give.
    return group.isBehind().catch(() => false);
  };
}

/**
 * A consumer that does not know whether its acknowledgement arrived makes another; a second one changes nothing
 * (https://redis.io/docs/latest/commands/xack/).
 */
async function untilAcknowledged(
  { settling }: WorkerSurroundings,
  acknowledge: () => Promise<RecordedCompletion<StreamEvents["ack"]>>,
): Promise<void> {
  while ((await acknowledge()).type !== "ok" && !settling.aborted) await pause(BLOCK_MS);
}

function openServer(context: WorkerSurroundings, timeoutMs: number): Promise<Redis> {
  const node = context.nodes[0];
  if (node === undefined) throw new RangeError("there is no server for the stream");
  return connected({ ...connectionOptions(context.profile, timeoutMs), ...node.proxied });
}
