/**
 * Numbered unique messages through a stream and a consumer group (https://redis.io/docs/latest/develop/data-types/streams/): producers,
 * and consumers that take over what others left unacknowledged.
 *
 * Options: `channel` (the stream's key), `everyMs` (pause of a producer), `minIdleMs` (how long an entry must be unacknowledged before
 * XAUTOCLAIM takes it over), `workMs` (at most, between delivery and acknowledgement), `commandTimeoutMs`.
 * Barriers: `delivered` (a message was handed out and is not yet acknowledged).
 */
import { pause } from "../../machine/long-timeout.ts";
import type { Redis } from "ioredis";
import { connected } from "../clients/connection.ts";
import { connectionOptions } from "../clients/profiles.ts";
import { optionReader } from "../options.ts";
import type { RecordedCompletion, WorkerContext, Workload } from "../workload.ts";
import { ConsumerGroup } from "./consumer-group.ts";

const GROUP = "workers";
const BLOCK_MS = 50;

export const streamWorkload: Workload = { name: "stream", roles: { producer, consumer } };

async function producer(context: WorkerContext): Promise<void> {
  const options = optionReader(context.options);
  const channel = options.text("channel", "orders");
  const everyMs = options.number("everyMs", 8);
  const server = await openServer(context);
  const logical = context.client();
  await context.ready();
  for (let number = 1; !context.loading.aborted; number += 1) {
    const value = { channel, message: `${context.worker}:${number}` };
    await logical.operation("add", value, async () => {
      const id = await server.xadd(channel, "*", "message", value.message);
      return { type: "ok", value: { ...value, id } };
    });
    await pause(context.random.integer(0, everyMs));
  }
}

async function consumer(context: WorkerContext): Promise<void> {
  const options = optionReader(context.options);
  const channel = options.text("channel", "orders");
  const workMs = options.number("workMs", 4);
  const group = new ConsumerGroup(await openServer(context), {
    stream: channel,
    group: GROUP,
    consumer: context.worker,
    minIdleMs: options.number("minIdleMs", 500),
    blockMs: BLOCK_MS,
  });
  await group.create();
  const logical = context.client();
  await context.ready();
  while (!context.settling.aborted) {
    const delivered = await logical.operation("deliver", { channel }, async () => {
      const entry = await group.next(context.settling);
      if (entry === undefined) return { type: "fail", value: { channel }, error: "end" };
      return { type: "ok", value: { channel, ...entry } };
    });
    if (delivered.type !== "ok") {
      // Without a connection a question fails at once, and to ask again at once would keep the process from ever making a new one.
      await pause(BLOCK_MS);
      continue;
    }
    await context.barrier("delivered");
    await pause(context.random.integer(0, workMs));
    const { message, id } = delivered.value as { message: string; id: string };
    const value = { channel, message, id };
    await untilAcknowledged(context, () =>
      logical.operation("ack", value, async () => {
        await group.acknowledge(id);
        return { type: "ok", value };
      }),
    );
  }
}

/** Whoever does not know whether an acknowledgement arrived makes another; a second one changes nothing (https://redis.io/docs/latest/commands/xack/). */
async function untilAcknowledged(
  { settling }: WorkerContext,
  acknowledge: () => Promise<RecordedCompletion>,
): Promise<void> {
  while ((await acknowledge()).type !== "ok" && !settling.aborted) await pause(BLOCK_MS);
}

function openServer(context: WorkerContext): Promise<Redis> {
  const node = context.nodes[0];
  if (node === undefined) throw new RangeError("there is no server for the stream");
  const timeoutMs = optionReader(context.options).timerMs("commandTimeoutMs", 2_000);
  return connected({ ...connectionOptions(context.profile, timeoutMs), ...node.proxied });
}
