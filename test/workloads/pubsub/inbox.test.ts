/** What a subscriber has not read yet when the run settles is not lost: its connection is read to the end. */
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { Inbox } from "../../../workloads/pubsub/inbox.ts";
import { systemOf } from "../../../systems/registry.ts";
import { openProcessHost } from "../../support/process-nodes.ts";

const MESSAGES = 1_000;

it("an inbox gives everything that was sent before its end was asked for, and then the end", async () => {
  await using test = await openProcessHost();
  const system = systemOf({ kind: "single", options: {} });
  const nodes = await test.host.allocate(system.specs);
  await system.start(nodes);
  const address = { ...nodes[0]?.address };
  const [subscriber, publisher] = [new Redis(address), new Redis(address)];
  try {
    await subscriber.subscribe("c");
    const inbox = new Inbox(subscriber, "c");
    inbox.opened();
    const published = publisher
      .pipeline(Array.from({ length: MESSAGES }, (_, i) => ["publish", "c", String(i)]))
      .exec();
    // The servers have them all, and this process, which was busy, has read none.
    subscriber.stream.pause();
    await published;
    const taken: string[] = [];
    subscriber.stream.resume();
    for (;;) {
      const next = await inbox.next(AbortSignal.abort());
      if (next.kind !== "message") break;
      taken.push(next.message);
    }
    expect(taken).toEqual(Array.from({ length: MESSAGES }, (_, i) => String(i)));
  } finally {
    subscriber.disconnect();
    publisher.disconnect();
  }
});
