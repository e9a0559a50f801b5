/**
 * Numbered unique messages over Pub/Sub (https://redis.io/docs/latest/develop/interact/pubsub/): publishers, and
 * subscribers that record every delivery and every time they are cut off.
 */
import { z } from "zod";
import { pause } from "../../machine/long-timeout.ts";
import type { PubsubEvents } from "../../history/vocabulary/messages.ts";
import { PUBSUB } from "../../history/vocabulary/messages.ts";
import { connected, connection } from "../clients/connection.ts";
import { connectionOptions } from "../clients/profiles.ts";
import type { Workload } from "../role.ts";
import { ms, role, timerMs } from "../role.ts";
import type { Completion, Ends, LogicalClient, WorkerSurroundings } from "../workload.ts";
import { Inbox } from "./inbox.ts";

const SHARED = {
  channel: z.string().default("events").describe("the channel"),
  commandTimeoutMs: timerMs.default(2_000).describe("how long the client waits for a reply"),
};

const publisher = role(
  {
    options: { ...SHARED, everyMs: ms.default(5).describe("the longest pause between two messages") },
    events: { publish: PUBSUB.publish },
  },
  async (context, { channel, everyMs, commandTimeoutMs }) => {
    const server = await connected(serverOptions(context, commandTimeoutMs));
    const logical = context.client();
    await context.ready();
    for (let number = 1; !context.loading.aborted; number += 1) {
      const value = { channel, message: `${context.worker}:${number}` };
      await logical.operation("publish", value, async ({ ok }) => {
        const receivers = await server.publish(channel, value.message);
        return ok({ ...value, receivers });
      });
      await pause(context.random.integer(0, everyMs));
    }
  },
);

const subscriber = role(
  { options: SHARED, events: { subscribe: PUBSUB.subscribe, deliver: PUBSUB.deliver } },
  async (context, { channel, commandTimeoutMs }) => {
    const server = connection({ ...serverOptions(context, commandTimeoutMs), lazyConnect: true });
    const inbox = new Inbox(server, channel);
    const logical = context.client();
    await subscribe(logical, inbox, channel, async () => {
      await server.connect();
      await server.subscribe(channel);
    });
    await context.ready();
    for (;;) {
      const delivered = await logical.operation(
        "deliver",
        { channel },
        (end) => nextMessage(end, inbox, channel, context.settling),
        { reads: true },
      );
      if (delivered.error === "end") break;
      if (delivered.type !== "fail") continue;
      if (context.settling.aborted) break;
      // The library subscribes again by itself; what counts is when it says that it did.
      await subscribe(logical, inbox, channel, () => inbox.subscribed(context.settling));
    }
    server.disconnect();
  },
);

export const pubsubWorkload = { name: "pubsub", roles: { publisher, subscriber } } as const satisfies Workload;

async function nextMessage(
  { ok, fail }: Ends<PubsubEvents["deliver"]>,
  inbox: Inbox,
  channel: string,
  end: AbortSignal,
): Promise<Completion<PubsubEvents["deliver"]>> {
  const event = await inbox.next(end);
  if (event.kind === "message") return ok({ channel, message: event.message });
  return fail({ channel }, event.kind === "end" ? "end" : "connection lost");
}

async function subscribe(
  logical: LogicalClient<Pick<PubsubEvents, "subscribe" | "deliver">>,
  inbox: Inbox,
  channel: string,
  act: () => Promise<unknown>,
): Promise<void> {
  await logical.operation(
    "subscribe",
    { channel },
    async ({ ok }) => {
      await act();
      inbox.opened();
      return ok({ channel });
    },
    { reads: true },
  );
}

function serverOptions(context: WorkerSurroundings, commandTimeoutMs: number) {
  const node = context.nodes[0];
  if (node === undefined) throw new RangeError("there is no server to publish on");
  return { ...connectionOptions(context.profile, commandTimeoutMs), ...node.proxied };
}
