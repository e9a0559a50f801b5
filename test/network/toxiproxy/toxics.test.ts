/** What every toxic does on the wire, with real sockets on both sides. */
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Bench, EMBEDDED, Peer, at, echo, endpoint, lateMs } from "./harness.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

/** Bytes that differ from place to place, so that a swap or a gap shows. */
function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) bytes[index] = (index * 31 + (index >> 8)) & 0xff;
  return bytes;
}

function expectBetween(actual: number, earliest: number, latest: number): void {
  expect(actual).toBeGreaterThanOrEqual(earliest);
  expect(actual).toBeLessThanOrEqual(latest);
}

describe("without toxics", () => {
  it("passes bytes both ways unchanged", async () => {
    const upstream = await bench.upstream(echo);
    const client = await bench.connect((await bench.proxy(upstream.address)).listen);
    const sent = pattern(3_000_000);
    client.socket.write(sent);
    await client.has(sent.length);
    expect(client.bytes().equals(sent)).toBe(true);
  });

  it("closes the client when it half-closes: a late answer is lost", async () => {
    const upstream = await bench.upstream();
    const { client, server } = await bench.pair(await bench.proxy(upstream.address), upstream);
    client.socket.end("request");
    await server.ended();
    expect(server.text()).toBe("request");
    server.socket.write("late answer");
    await client.ended();
    expect(client.received).toBe(0);
  });

  it("turns a reset on one side into an end on the other", async () => {
    const upstream = await bench.upstream();
    const { client, server } = await bench.pair(await bench.proxy(upstream.address), upstream);
    client.socket.write("x");
    await server.has(1);
    server.socket.resetAndDestroy();
    expect((await client.ended()).how).toBe("end");
  });
});

/** Whether bytes were still unread when the proxy closed is a race, so it is tried until one is won. */
describe("what is closed while bytes of its peer are unread", () => {
  const TRIES = 200;

  it("is reset: a client that has sent something and whose upstream refuses it", async () => {
    const upstream = await bench.upstream();
    await upstream.close();
    const proxy = await bench.proxy(upstream.address);
    const seen = new Set<string>();
    for (let i = 0; i < TRIES && !seen.has("reset"); i += 1) {
      const client = new Peer(connect({ ...endpoint(proxy.listen), noDelay: true }));
      client.socket.write("x");
      seen.add((await client.ended()).how);
    }
    expect(seen).toContain("reset");
  });

  it("is reset: an upstream that goes on sending when its client has gone", async () => {
    const block = Buffer.alloc(65_536);
    const upstream = await bench.upstream((peer) => {
      const write = (): void => {
        while (!peer.socket.destroyed) if (!peer.socket.write(block)) return void peer.socket.once("drain", write);
      };
      write();
    });
    const proxy = await bench.proxy(upstream.address);
    const seen = new Set<string>();
    for (let i = 0; i < TRIES && !seen.has("reset"); i += 1) {
      const { client, server } = await bench.pair(proxy, upstream);
      await client.has(block.length);
      client.socket.destroy();
      seen.add((await server.ended()).how);
      server.socket.destroy();
    }
    expect(seen).toContain("reset");
  });
});

describe("latency", () => {
  it("delays one direction by its latency", async () => {
    const upstream = await bench.upstream(echo);
    const proxy = await bench.proxy(upstream.address);
    const { client, server } = await bench.pair(proxy, upstream);
    await bench.toxic(proxy, { type: "latency", attributes: { latency: 200 } });
    for (let trial = 0; trial < 3; trial += 1) {
      const sentAt = performance.now();
      const got = server.has(server.received + 1);
      expectBetween(await client.roundTrip(), 200, 200 + lateMs());
      expect((await got) - sentAt).toBeLessThan(lateMs());
    }
  });

  it("lets many chunks be on their way at a time, in order", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "latency", attributes: { latency: 200, jitter: 20 } });
    const { client, server } = await bench.pair(proxy, upstream);
    const started = performance.now();
    for (let index = 0; index < 100; index += 1) {
      await at(started + index);
      server.socket.write(Buffer.of(index));
    }
    const sent = performance.now() - started;
    expectBetween((await client.has(100)) - started, sent + 180, sent + 220 + lateMs());
    expect([...client.bytes()]).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it("adds up over a chain", async () => {
    const upstream = await bench.upstream(echo);
    const proxy = await bench.proxy(upstream.address);
    for (const name of ["a", "b"]) await bench.toxic(proxy, { type: "latency", name, attributes: { latency: 100 } });
    await bench.toxic(proxy, { type: "latency", name: "c", stream: "upstream", attributes: { latency: 50 } });
    const client = await bench.connect(proxy.listen);
    expectBetween(await client.roundTrip(), 250, 250 + lateMs());
  });

  it("gives everything when removed, at once, and the connection lives", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    const { client, server } = await bench.pair(proxy, upstream);
    await bench.toxic(proxy, { type: "latency", attributes: { latency: 10_000 } });
    server.socket.write("one ");
    await client.quiet(100);
    server.socket.write("two ");
    await client.quiet(50);
    const removed = performance.now();
    await bench.removeToxic(proxy, "latency_downstream");
    expect((await client.has(8)) - removed).toBeLessThan(lateMs());
    expect(client.text()).toBe("one two ");
    server.socket.write("three");
    await client.has(13);
  });

  it("follows an update, counted from the arrival", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "latency", name: "slow", attributes: { latency: 60_000 } });
    const { client, server } = await bench.pair(proxy, upstream);
    server.socket.write("a");
    await client.quiet(50);
    const sentAt = performance.now();
    server.socket.write("b");
    await client.quiet(50);
    await bench.updateToxic(proxy, "slow", { attributes: { latency: 300 } });
    const gotAt = await client.has(2);
    expectBetween(gotAt - sentAt, 299, 300 + lateMs());
    expect(client.text()).toBe("ab");
  });
});

describe("bandwidth", () => {
  it("paces each connection by itself", { timeout: 10_000 }, async () => {
    const upstream = await bench.upstream((peer) => peer.socket.write(pattern(150_000)));
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "bandwidth", attributes: { rate: 100 } });
    const started = performance.now();
    const clients = [await bench.connect(proxy.listen), await bench.connect(proxy.listen)];
    const times = await Promise.all(clients.map((client) => client.has(150_000)));
    for (const time of times) expectBetween(time - started, 1400, 1500 + lateMs());
    for (const client of clients) expect(client.bytes().equals(pattern(150_000))).toBe(true);
    // It comes in pieces all along, not at the end.
    const half = clients[0]?.reads.filter((read) => read.at - started < 800).map((read) => read.data.length) ?? [];
    expectBetween(
      half.reduce((sum, size) => sum + size, 0),
      65_000 - 100 * lateMs(),
      90_000,
    );
  });

  it("is exact for a stream of small chunks too", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "bandwidth", attributes: { rate: 50 } });
    const { client, server } = await bench.pair(proxy, upstream);
    const started = performance.now();
    for (let sent = 0; sent < 50_000; sent += 500) {
      await client.has(sent);
      server.socket.write(Buffer.alloc(500));
    }
    expectBetween((await client.has(50_000)) - started, 950, 1000 + lateMs());
  });

  it("stalls at rate 0 and loses nothing", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "bandwidth", attributes: { rate: 0 } });
    const { client, server } = await bench.pair(proxy, upstream);
    const sent = pattern(1_000_000);
    server.socket.end(sent);
    await client.quiet(500);
    await bench.removeToxic(proxy, "bandwidth_downstream");
    await client.ended();
    expect(client.bytes().equals(sent)).toBe(true);
  });

  it("at rate 0 lets the end of an idle connection through", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "bandwidth", attributes: { rate: 0 } });
    const { client, server } = await bench.pair(proxy, upstream);
    server.socket.end();
    await client.ended();
  });
});

describe("timeout", () => {
  it("0 drops what is sent and lets the end through", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "timeout", stream: "upstream", attributes: { timeout: 0 } });
    const { client, server } = await bench.pair(proxy, upstream);
    client.socket.write("lost");
    await server.quiet(100);
    client.socket.end();
    await server.ended();
    expect(server.received).toBe(0);
  });

  it("closes after so much silence, not after so much time", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    const { client, server } = await bench.pair(proxy, upstream);
    await bench.toxic(proxy, { type: "timeout", attributes: { timeout: 300 } });
    const started = performance.now();
    let last = started;
    for (let beat = 0; beat <= 10; beat += 1) {
      await at(started + beat * 100);
      expect(client.ending).toBeUndefined();
      server.socket.write("lost");
      last = performance.now();
    }
    const { at: endedAt } = await client.ended();
    expectBetween(endedAt - last, 299, 300 + lateMs());
    expect(client.received).toBe(0);
    await server.ended();
  });

  it("closes every connection of its direction when removed, those that toxicity spared too", async () => {
    const upstream = await bench.upstream(echo);
    const proxy = await bench.proxy(upstream.address);
    const client = await bench.connect(proxy.listen);
    await bench.toxic(proxy, { type: "timeout", toxicity: 0, attributes: { timeout: 0 } });
    await client.roundTrip();
    await bench.removeToxic(proxy, "timeout_downstream");
    await client.ended();
  });

  it("restarts its clock on an update and closes nothing", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "timeout", name: "t", attributes: { timeout: 0 } });
    const { client } = await bench.pair(proxy, upstream);
    await client.quiet(50);
    const updated = performance.now();
    await bench.updateToxic(proxy, "t", { attributes: { timeout: 200 } });
    expectBetween((await client.ended()).at - updated, 199, 200 + lateMs());
  });
});

describe("slow_close", () => {
  it("delays the end and nothing else", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "slow_close", stream: "upstream", attributes: { delay: 300 } });
    const { client, server } = await bench.pair(proxy, upstream);
    const started = performance.now();
    client.socket.end("data");
    expect((await server.has(4)) - started).toBeLessThan(lateMs());
    expectBetween((await server.ended()).at - started, 300, 300 + lateMs());
  });

  it("closes at once when it is removed meanwhile", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "slow_close", stream: "upstream", attributes: { delay: 60_000 } });
    const { client, server } = await bench.pair(proxy, upstream);
    client.socket.end();
    await server.quiet(100);
    await bench.removeToxic(proxy, "slow_close_upstream");
    await server.ended();
  });
});

describe("reset_peer", () => {
  it("resets both ends of a connection that was opened under it", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "reset_peer", attributes: { timeout: 0 } });
    const { client, server } = await bench.pair(proxy, upstream);
    await client.quiet(100);
    server.socket.write("x");
    expect((await client.ended()).how).toBe("reset");
    expect((await server.ended()).how).toBe("reset");
    expect(client.received).toBe(0);
  });

  it("waits for its timeout", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "reset_peer", stream: "upstream", attributes: { timeout: 200 } });
    const { client, server } = await bench.pair(proxy, upstream);
    const started = performance.now();
    client.socket.write("x");
    const ending = await client.ended();
    expect(ending.how).toBe("reset");
    expectBetween(ending.at - started, 200, 200 + lateMs());
    await server.ended();
    expect(server.received).toBe(0);
  });

  it("closes a connection that is older than the toxic", async () => {
    const upstream = await bench.upstream(echo);
    const proxy = await bench.proxy(upstream.address);
    const client = await bench.connect(proxy.listen);
    await client.roundTrip();
    await bench.toxic(proxy, { type: "reset_peer" });
    client.socket.write("x");
    expect((await client.ended()).how).toBe("end");
    expect(client.received).toBe(1);
  });

  it("spares those that toxicity spares, until they close: then with a reset", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "reset_peer", toxicity: 0 });
    const { client, server } = await bench.pair(proxy, upstream);
    server.socket.write("x");
    await client.has(1);
    server.socket.end();
    expect((await client.ended()).how).toBe("reset");
  });
});

describe("limit_data", () => {
  it("lets exactly so many bytes through and closes", async () => {
    const upstream = await bench.upstream((peer) => peer.socket.write(pattern(5000)));
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "limit_data", attributes: { bytes: 1000 } });
    const client = await bench.connect(proxy.listen);
    await client.ended();
    expect(client.bytes().equals(pattern(1000))).toBe(true);
  });

  it("0 closes at the first byte", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "limit_data", attributes: { bytes: 0 } });
    const { client, server } = await bench.pair(proxy, upstream);
    await client.quiet(50);
    server.socket.write("x");
    await client.ended();
    expect(client.received).toBe(0);
  });

  it("counts on over an update", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "limit_data", name: "limit", attributes: { bytes: 1000 } });
    const { client, server } = await bench.pair(proxy, upstream);
    server.socket.write(Buffer.alloc(600));
    await client.has(600);
    await bench.updateToxic(proxy, "limit", { attributes: { bytes: 2000 } });
    server.socket.write(Buffer.alloc(3000));
    await client.ended();
    expect(client.received).toBe(2000);
  });
});

describe("slicer", () => {
  it("cuts a write into pieces with a pause after each", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "slicer", attributes: { average_size: 10, size_variation: 0, delay: 10_000 } });
    const { client, server } = await bench.pair(proxy, upstream);
    const sent = pattern(100);
    server.socket.write(sent);
    await client.has(100);
    expect(client.bytes().equals(sent)).toBe(true);
    // A busy reader may find two pieces in one read, so the time says more than the count.
    expect(Math.max(...client.reads.map((read) => read.data.length))).toBeLessThan(50);
    expect(client.reads.length).toBeGreaterThan(8);
    const [first, last] = [client.reads[0]?.at ?? 0, client.reads.at(-1)?.at ?? 0];
    // The first read may itself have been late.
    expect(last - first).toBeGreaterThan(130);
  });

  it("makes pauses that are shorter than a timer's step add up to the right time", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "slicer", attributes: { average_size: 100, size_variation: 0, delay: 200 } });
    const { client, server } = await bench.pair(proxy, upstream);
    const started = performance.now();
    server.socket.write(Buffer.alloc(51_200));
    // Halved nine times: 512 pieces of 100 bytes, and so 511 pauses before the last. Each pause of the original is a
    // timer of its own.
    expectBetween((await client.has(51_200)) - started, 102, EMBEDDED ? 102 + lateMs() : 5_000);
  });

  it("gives the rest at once when removed", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    const attributes = { average_size: 10, size_variation: 3, delay: 60_000_000 };
    await bench.toxic(proxy, { type: "slicer", attributes });
    const { client, server } = await bench.pair(proxy, upstream);
    server.socket.end(pattern(100));
    await client.has(1);
    await client.quiet(50);
    expect(client.received).toBeLessThan(15);
    await bench.removeToxic(proxy, "slicer_downstream");
    await client.ended();
    expect(client.bytes().equals(pattern(100))).toBe(true);
  });

  it.runIf(EMBEDDED)("cuts nothing with an average of 0, and bears any variation", async () => {
    const upstream = await bench.upstream((peer) => peer.socket.end(pattern(100_000)));
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "slicer", name: "zero" });
    await bench.toxic(proxy, { type: "slicer", name: "wide", attributes: { average_size: 1, size_variation: 5000 } });
    const client = await bench.connect(proxy.listen);
    await client.ended();
    expect(client.bytes().equals(pattern(100_000))).toBe(true);
  });
});

describe("toxicity", () => {
  it("is drawn once for each connection", async () => {
    const upstream = await bench.upstream(echo);
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "latency", toxicity: 0.5, attributes: { latency: 1000 } });
    const clients = await Promise.all(Array.from({ length: 200 }, () => bench.connect(proxy.listen)));
    const isSlow = async (client: Peer): Promise<boolean> => (await client.roundTrip()) >= 1000;
    const first = await Promise.all(clients.map(isSlow));
    expectBetween(first.filter(Boolean).length, 65, 135);
    expect(await Promise.all(clients.map(isSlow))).toEqual(first);
  });

  it("is drawn anew by an update: what was held leaves when the connection is spared", async () => {
    const upstream = await bench.upstream(echo);
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "latency", name: "slow", attributes: { latency: 60_000 } });
    const client = await bench.connect(proxy.listen);
    client.socket.write("held");
    await client.quiet(100);
    await bench.updateToxic(proxy, "slow", { toxicity: 0 });
    await client.has(4);
    await client.roundTrip();
    await bench.updateToxic(proxy, "slow", { toxicity: 1 });
    client.socket.write("again");
    await client.quiet(100);
  });
});

describe("a peer that does not read", () => {
  it.runIf(EMBEDDED)("does not delay the API", async () => {
    const upstream = await bench.upstream((peer) => peer.socket.write(Buffer.alloc(10_000_000)));
    const proxy = await bench.proxy(upstream.address);
    await bench.toxic(proxy, { type: "latency", name: "slow", attributes: { latency: 10 } });
    const { client } = await bench.pair(proxy, upstream);
    client.socket.pause();
    await at(performance.now() + 200);
    const started = performance.now();
    await bench.toxic(proxy, { type: "slicer", attributes: { average_size: 1000, delay: 10 } });
    await bench.updateToxic(proxy, "slow", { attributes: { latency: 5 } });
    await bench.removeToxic(proxy, "slow");
    await bench.removeToxic(proxy, "slicer_downstream");
    expect(performance.now() - started).toBeLessThan(lateMs());
    client.socket.resume();
    await client.has(10_000_000);
  });
});
