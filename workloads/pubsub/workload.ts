/**
 * Numbered unique messages over Pub/Sub (https://redis.io/docs/latest/develop/interact/pubsub/): publishers, and subscribers that record
 * every delivery and every time they are cut off.
 *
 * Options: `channel`, `everyMs` (pause of a publisher between two messages), `commandTimeoutMs`.
 */
import { pause } from "../../machine/long-timeout.ts";
import { connected, connection } from "../clients/connection.ts";
import { connectionOptions } from "../clients/profiles.ts";
import { optionReader } from "../options.ts";
import type { OptionReader } from "../options.ts";
import type { Completion, LogicalClient, WorkerContext, Workload } from "../workload.ts";
import { Inbox } from "./inbox.ts";

export const pubsubWorkload: Workload = { name: "pubsub", roles: { publisher, subscriber } };

async function publisher(context: WorkerContext): Promise<void> {
  const options = optionReader(context.options);
  const channel = options.text("channel", "events");
  const everyMs = options.number("everyMs", 5);
  const server = await connected(serverOptions(context, options));
  const logical = context.client();
  await context.ready();
  for (let number = 1; !context.loading.aborted; number += 1) {
    const value = { channel, message: `${context.worker}:${number}` };
    await logical.operation("publish", value, async () => {
      const receivers = await server.publish(channel, value.message);
      return { type: "ok", value: { ...value, receivers } };
    });
    await pause(context.random.integer(0, everyMs));
  }
}

async function subscriber(context: WorkerContext): Promise<void> {
  const options = optionReader(context.options);
  const channel = options.text("channel", "events");
  const server = connection({ ...serverOptions(context, options), lazyConnect: true });
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
      () => nextMessage(inbox, channel, context.settling),
      { reads: true },
    );
    if (delivered.error === "end") break;
    // The library subscribes again by itself; what counts is when it says that it did.
    if (delivered.type === "fail") await subscribe(logical, inbox, channel, () => inbox.subscribed(context.settling));
    if (context.settling.aborted) break;
  }
  server.disconnect();
}

async function nextMessage(inbox: Inbox, channel: string, end: AbortSignal): Promise<Completion> {
  const event = await inbox.next(end);
  if (event.kind === "message") return { type: "ok", value: { channel, message: event.message } };
  return { type: "fail", value: { channel }, error: event.kind === "end" ? "end" : "connection lost" };
}

async function subscribe(
  logical: LogicalClient,
  inbox: Inbox,
  channel: string,
  act: () => Promise<unknown>,
): Promise<void> {
  await logical.operation(
    "subscribe",
    { channel },
    async () => {
      await act();
      inbox.opened();
      return { type: "ok", value: { channel } };
    },
    { reads: true },
  );
}

function serverOptions(context: WorkerContext, options: OptionReader) {
  const node = context.nodes[0];
  if (node === undefined) throw new RangeError("there is no server to publish on");
  return { ...connectionOptions(context.profile, options.timerMs("commandTimeoutMs", 2_000)), ...node.proxied };
}
