/** The server as `toxiproxy-node-client` sees it: every call of the library. */
import { Toxiproxy } from "toxiproxy-node-client";
import type { Latency } from "toxiproxy-node-client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Bench, EMBEDDED, echo, lateMs } from "./harness.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe("toxiproxy-node-client", () => {
  it("makes, finds, updates and removes proxies", async () => {
    const upstream = await bench.upstream(echo);
    const toxiproxy = new Toxiproxy(bench.url);
    expect(JSON.parse(await toxiproxy.getVersion())).toHaveProperty("version");
    const [a, b] = [bench.own(bench.name("a")), bench.own(bench.name("b"))];
    const made = await toxiproxy.createProxy({ name: a, listen: "localhost:0", upstream: upstream.address });
    expect(made).toMatchObject({ name: a, upstream: upstream.address, enabled: true });
    expect((await toxiproxy.get(a)).listen).toBe(made.listen);
    const populated = await toxiproxy.populate([
      { name: a, listen: made.listen, upstream: upstream.address },
      { name: b, listen: "127.0.0.1:0", upstream: upstream.address },
    ]);
    expect(Object.keys(populated).sort()).toEqual([a, b]);
    expect(Object.keys(await toxiproxy.getAll())).toEqual(expect.arrayContaining([a, b]));
    const disabled = await made.update({ enabled: false, listen: made.listen, upstream: made.upstream });
    expect(disabled.enabled).toBe(false);
    expect(await bench.refuses(made.listen)).toBe(true);
    await toxiproxy.reset();
    await (await bench.connect(made.listen)).roundTrip();
    await made.remove();
    await expect(toxiproxy.get(a)).rejects.toThrow(/404/);
  });

  it("adds, reads, updates and removes toxics", async () => {
    const upstream = await bench.upstream(echo);
    const toxiproxy = new Toxiproxy(bench.url);
    const name = bench.own(bench.name());
    const proxy = await toxiproxy.createProxy({ name, listen: "127.0.0.1:0", upstream: upstream.address });
    const body = { type: "latency", name: "slow", stream: "downstream", toxicity: 1 } as const;
    const toxic = await proxy.addToxic<Latency>({ ...body, attributes: { latency: 100, jitter: 0 } });
    expect(toxic).toMatchObject({ ...body, attributes: { latency: 100, jitter: 0 } });
    const client = await bench.connect(proxy.listen);
    expect(await client.roundTrip()).toBeGreaterThanOrEqual(100);
    const updated = await toxic.update({ ...body, attributes: { latency: 200, jitter: 0 } });
    expect(updated.attributes).toEqual({ latency: 200, jitter: 0 });
    expect((await proxy.getToxic<Latency>("slow")).attributes).toEqual({ latency: 200, jitter: 0 });
    expect(await client.roundTrip()).toBeGreaterThanOrEqual(200);
    await toxic.remove();
    expect(await client.roundTrip()).toBeLessThan(lateMs());
    await expect(proxy.getToxic("slow")).rejects.toThrow(/404/);
  });

  it.runIf(EMBEDDED)("takes an empty list, which the original's answer makes it choke on", async () => {
    expect(await new Toxiproxy(bench.url).populate([])).toEqual({});
  });
});
