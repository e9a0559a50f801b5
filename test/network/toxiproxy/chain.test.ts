/** Whatever preserves data may be chained, changed and removed in any way: the bytes stay the same, and in order. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Bench } from "./harness.ts";
import type { Peer, ProxyBody } from "./harness.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

const stream = fc.constantFrom("upstream", "downstream");
const toxicity = fc.constantFrom(0, 0.5, 1, 1);
const toxic = fc.oneof(
  fc.record({
    type: fc.constant("latency"),
    stream,
    toxicity,
    attributes: fc.record({ latency: fc.integer({ min: 0, max: 30 }), jitter: fc.integer({ min: 0, max: 20 }) }),
  }),
  fc.record({
    type: fc.constant("slicer"),
    stream,
    toxicity,
    attributes: fc.record({
      average_size: fc.integer({ min: 500, max: 20_000 }),
      size_variation: fc.integer({ min: 0, max: 499 }),
      delay: fc.integer({ min: 0, max: 200 }),
    }),
  }),
  fc.record({
    type: fc.constant("bandwidth"),
    stream,
    toxicity,
    attributes: fc.record({ rate: fc.integer({ min: 2000, max: 50_000 }) }),
  }),
  fc.record({ type: fc.constant("noop"), stream, toxicity, attributes: fc.constant({}) }),
);

const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("add" as const), toxic }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("update" as const), which: fc.nat(), toxicity }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), which: fc.nat() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      upstream: fc.boolean(),
      size: fc.integer({ min: 1, max: 60_000 }),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What one side sent, in the order of sending; every byte depends on its place. */
class Sent {
  readonly chunks: Buffer[] = [];
  length = 0;

  send(peer: Peer, size: number): void {
    const chunk = Buffer.alloc(size);
    for (let index = 0; index < size; index += 1) chunk[index] = ((this.length + index) * 2654435761) >>> 24;
    this.length += size;
    this.chunks.push(chunk);
    peer.socket.write(chunk);
  }

  async arrivedAt(peer: Peer): Promise<void> {
    await peer.has(this.length);
    expect(peer.received).toBe(this.length);
    expect(digest(peer.bytes())).toBe(digest(Buffer.concat(this.chunks)));
  }
}

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function carryOut(steps: readonly Step[], proxy: ProxyBody, client: Peer, server: Peer): Promise<void> {
  const up = new Sent();
  const down = new Sent();
  const names: string[] = [];
  for (const [index, action] of steps.entries()) {
    if (action.do === "send") {
      if (action.upstream) up.send(client, action.size);
      else down.send(server, action.size);
    } else if (action.do === "add") {
      names.push(`t${index}`);
      await bench.toxic(proxy, { ...action.toxic, name: `t${index}` });
    } else if (names.length > 0) {
      const which = action.which % names.length;
      const name = names[which] ?? "";
      if (action.do === "update") {
        await bench.updateToxic(proxy, name, { toxicity: action.toxicity });
      } else {
        names.splice(which, 1);
        await bench.removeToxic(proxy, name);
      }
    }
  }
  await Promise.all([up.arrivedAt(server), down.arrivedAt(client)]);
  // The chain must also pass the end of the stream, after all data.
  up.send(client, 1000);
  client.socket.end();
  await server.ended();
  expect(digest(server.bytes())).toBe(digest(Buffer.concat(up.chunks)));
}

describe("chains of toxics that preserve data", () => {
  it("deliver the same bytes in the same order", async () => {
    const upstream = await bench.upstream();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: "max" }), async (steps) => {
        const proxy = await bench.proxy(upstream.address);
        const { client, server } = await bench.pair(proxy, upstream);
        await carryOut(steps, proxy, client, server);
        client.socket.destroy();
        await bench.call("DELETE", `/proxies/${proxy.name}`);
      }),
      { numRuns: 100, seed: 20_251_125 },
    );
  });
});
