/** What the partitions of redquake rest on: holding everything and delivering it later, on many proxies at a time. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startToxiproxyProcess } from "../../../network/toxiproxy-process.ts";
import { Bench, EMBEDDED, echo } from "./harness.ts";
import type { ProxyBody } from "./harness.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

const hold = (stream: "upstream" | "downstream") => ({
  type: "latency",
  name: `hold-${stream}`,
  stream,
  attributes: { latency: 2 ** 31 - 1 },
});

describe("hold", () => {
  it("holds one direction of old and new connections and delivers in order", async () => {
    const upstream = await bench.upstream((peer) => peer.socket.on("data", () => peer.socket.write("!")));
    const proxy = await bench.proxy(upstream.address);
    const old = await bench.pair(proxy, upstream);
    await old.client.roundTrip();
    await bench.toxic(proxy, hold("downstream"));
    const young = await bench.pair(proxy, upstream);
    for (const { client, server } of [old, young]) {
      const before = server.received;
      client.socket.write("a");
      await server.has(before + 1);
      client.socket.write("b");
      await server.has(before + 2);
    }
    await Promise.all([old.client.quiet(200), young.client.quiet(200)]);
    await bench.removeToxic(proxy, "hold-downstream");
    await Promise.all([old.client.has(3), young.client.has(2)]);
    await Promise.all([old.client.roundTrip(), young.client.roundTrip()]);
  });

  it.runIf(EMBEDDED)("holds the end of a stream as well, behind its data or alone", async () => {
    const upstream = await bench.upstream();
    const proxy = await bench.proxy(upstream.address);
    const [busy, idle, reset] = [
      await bench.pair(proxy, upstream),
      await bench.pair(proxy, upstream),
      await bench.pair(proxy, upstream),
    ];
    await bench.toxic(proxy, hold("upstream"));
    busy.client.socket.end("last words");
    idle.client.socket.end();
    reset.client.socket.resetAndDestroy();
    await Promise.all([busy, idle, reset].map(({ server }) => server.quiet(200)));
    await bench.removeToxic(proxy, "hold-upstream");
    await Promise.all([busy, idle, reset].map(({ server }) => server.ended()));
    expect(busy.server.text()).toBe("last words");
  });

  it("starts and ends on sixty proxies at once, again and again", async () => {
    // In a process of its own, as in a run: this one is busy with the clients of the API.
    const server = EMBEDDED ? await startToxiproxyProcess({ seed: 1 }) : undefined;
    const url = server?.url ?? bench.url;
    const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
      const response = await fetch(`${url}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    };
    try {
      const upstream = await bench.upstream(echo);
      const { proxies } = (await call(
        "POST",
        "/populate",
        Array.from({ length: 60 }, (_, index) => ({
          name: bench.own(bench.name(`n${index}`)),
          listen: "127.0.0.1:0",
          upstream: upstream.address,
        })),
      )) as { proxies: ProxyBody[] };
      const clients = await Promise.all(proxies.map((proxy) => bench.connect(proxy.listen)));
      await Promise.all(clients.map((client) => client.roundTrip()));
      const onAll = (method: string, path: string, body?: unknown): Promise<unknown> =>
        Promise.all(proxies.map(({ name }) => call(method, `/proxies/${name}/toxics${path}`, body)));
      for (let round = 0; round < 5; round += 1) {
        await onAll("POST", "", hold("downstream"));
        for (const client of clients) client.socket.write("x");
        await Promise.all(clients.map((client) => client.quiet(20)));
        await onAll("DELETE", "/hold-downstream");
        await Promise.all(clients.map((client) => client.has(2 + round)));
      }
      for (const { name } of proxies) await call("DELETE", `/proxies/${name}`);
    } finally {
      await server?.stop();
    }
  });

  it("serves hundreds of connections at a time", async () => {
    const upstream = await bench.upstream(echo);
    const proxy = await bench.proxy(upstream.address);
    const clients = await Promise.all(Array.from({ length: 500 }, () => bench.connect(proxy.listen)));
    await Promise.all(clients.map((client) => client.roundTrip("hello")));
    await bench.toxic(proxy, hold("downstream"));
    for (const [index, client] of clients.entries()) client.socket.write(`from ${index}`);
    await Promise.all(clients.slice(0, 20).map((client) => client.quiet(100)));
    await bench.removeToxic(proxy, "hold-downstream");
    await Promise.all(clients.map((client, index) => client.has(5 + `from ${index}`.length)));
    expect(clients.map((client) => client.text())).toEqual(clients.map((_, index) => `hellofrom ${index}`));
  });

  it(
    "bounds what it keeps: a sender behind a held link is made to wait, and nothing is lost",
    { timeout: 20_000 },
    async () => {
      const upstream = await bench.upstream();
      const proxy = await bench.proxy(upstream.address);
      await bench.toxic(proxy, hold("upstream"));
      const { client, server } = await bench.pair(proxy, upstream);
      const block = Buffer.alloc(1024 * 1024);
      let written = 0;
      const total = 100;
      const writeMore = (): void => {
        while (written < total) {
          written += 1;
          block.fill(written);
          if (!client.socket.write(Buffer.from(block))) return void client.socket.once("drain", writeMore);
        }
      };
      writeMore();
      // The sender has come to a halt when nothing was sent for a while.
      for (let before = -1; before !== client.socket.bytesWritten - client.socket.writableLength;) {
        before = client.socket.bytesWritten - client.socket.writableLength;
        await server.quiet(300);
      }
      // 1024 chunks of at most 64 KiB, or 32 MiB, and what the kernel keeps in its buffers.
      expect(written).toBeLessThan(70);
      await bench.removeToxic(proxy, "hold-upstream");
      await server.has(total * block.length);
      const bytes = server.bytes();
      for (let index = 0; index < total; index += 1) expect(bytes[(index + 1) * block.length - 1]).toBe(index + 1);
    },
  );

  it("bounds what it keeps for a peer that does not read", async () => {
    const upstream = await bench.upstream();
    const { client, server } = await bench.pair(await bench.proxy(upstream.address), upstream);
    server.socket.pause();
    let taken = 0;
    const block = Buffer.alloc(1024 * 1024);
    const writeMore = (): void => {
      while (taken < 200) {
        taken += 1;
        if (!client.socket.write(block)) return void client.socket.once("drain", writeMore);
      }
    };
    writeMore();
    for (let before = -1; before !== taken;) {
      before = taken;
      await client.quiet(200);
    }
    expect(taken).toBeLessThan(40);
  });
});
