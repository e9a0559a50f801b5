/**
 * How links are impaired and healed on a Toxiproxy that is not the run's own: by updates, since the original can hang
 * at removals.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { useToxiproxy } from "../../../network/given-toxiproxy.ts";
import { Links } from "../../../network/links.ts";
import type { Impairment } from "../../../network/link.ts";
import type { ToxiproxyServer } from "../../../network/toxiproxy-server.ts";
import { Bench, endpoint } from "./harness.ts";
import type { Peer } from "./harness.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

/** The original takes as long for each chunk that it cannot deliver, and has thirty of each connection. */
const CHUNK_MS = 5_000;
const FORTH = [{ from: "w1", to: "n1" }] as const;
const BACK = [{ from: "n1", to: "w1" }] as const;

interface ToxicBody {
  readonly name: string;
  readonly type: string;
  readonly stream: string;
  readonly attributes: Readonly<Record<string, number>>;
}

/** What stands behind the toxics of an impairment, and is never touched. */
const GUARD = { type: "latency", attributes: { latency: 0, jitter: 0 } };

/** One link to an upstream that this test plays, and a connection over it. */
async function openLink() {
  const server: ToxiproxyServer = await useToxiproxy({ url: bench.url, proxyPrefix: bench.name("") });
  const upstream = await bench.upstream();
  const links = await Links.create(server, [
    { from: "w1", to: "n1", channel: "data", upstream: endpoint(upstream.address) },
  ]);
  const [proxy] = await bench.proxies();
  if (proxy === undefined) throw new Error("no proxy was made");
  const toxics = async (): Promise<ToxicBody[]> =>
    (await bench.get(`/proxies/${proxy.name}/toxics`)).json as ToxicBody[];
  return { server, links, proxy, upstream, toxics, [Symbol.asyncDispose]: () => server.stop() };
}

async function sendThirty(peer: Peer, other: Peer): Promise<string> {
  let sent = "";
  for (let i = 0; i < 30; i += 1) {
    sent += `<${i}>`;
    peer.socket.write(`<${i}>`);
    // Each is a chunk of its own.
    await other.quiet(3);
  }
  return sent;
}

describe("a link of a Toxiproxy that is given", () => {
  it.each([
    ["to the server", FORTH],
    ["to the client", BACK],
  ])("is held %s, and heals at once although a receiver has gone; nobody else loses anything", async (_, flows) => {
    await using link = await openLink();
    const [gone, reset, living] = [
      await bench.pair(link.proxy, link.upstream),
      await bench.pair(link.proxy, link.upstream),
      await bench.pair(link.proxy, link.upstream),
    ];
    const ends = ({ client, server }: typeof gone): [Peer, Peer] =>
      flows === FORTH ? [client, server] : [server, client];
    const impaired = await link.links.impair(flows, { kind: "hold" });
    await Promise.all([gone, reset].map((pair) => sendThirty(...ends(pair))));
    const sent = await sendThirty(...ends(living));
    ends(gone)[1].socket.destroy();
    ends(reset)[1].socket.resetAndDestroy();
    await Promise.all([gone, reset].map((pair) => ends(pair)[0].ended()));

    const started = performance.now();
    await impaired.heal();
    // A server that still lets go of what nobody takes must not be kept waiting by it.
    await (await link.links.impair(flows, { kind: "hold" })).heal();
    const [, receiver] = ends(living);
    await receiver.has(sent.length);
    expect(receiver.text()).toBe(sent);
    expect(await link.toxics()).toHaveLength(3);
    await link.server.stop();
    expect(await bench.proxies()).toEqual([]);
    expect(performance.now() - started).toBeLessThan(CHUNK_MS);
  });

  it("hides under a hold that a side has closed, behind its data or alone, until it heals", async () => {
    await using link = await openLink();
    const [busy, idle, reset] = [
      await bench.pair(link.proxy, link.upstream),
      await bench.pair(link.proxy, link.upstream),
      await bench.pair(link.proxy, link.upstream),
    ];
    for (const again of [false, true]) {
      const impaired = await link.links.impair(FORTH, { kind: "hold" });
      if (again) {
        busy.client.socket.end("last words");
        idle.client.socket.end();
        reset.client.socket.resetAndDestroy();
      }
      await Promise.all([busy, idle, reset].map(({ server }) => server.quiet(200)));
      await impaired.heal();
    }
    await Promise.all([busy, idle, reset].map(({ server }) => server.ended()));
    expect(busy.server.text()).toBe("last words");
    const toxics = (await link.toxics()).map(({ type, attributes }) => ({ type, attributes }));
    expect(toxics).toEqual([
      { type: "latency", attributes: { latency: 0, jitter: 0 } },
      { type: "slow_close", attributes: { delay: 0 } },
      GUARD,
    ]);
  });

  const harmless: readonly (readonly [Impairment, Omit<ToxicBody, "name" | "stream">])[] = [
    [
      { kind: "latency", latencyMs: 100, jitterMs: 5 },
      { type: "latency", attributes: { latency: 0, jitter: 0 } },
    ],
    [
      { kind: "bandwidth", rateKBps: 1 },
      { type: "bandwidth", attributes: { rate: 2 ** 31 - 1 } },
    ],
    [
      { kind: "slicer", averageBytes: 10, variationBytes: 2, delayUs: 1_000 },
      { type: "slicer", attributes: { average_size: 2 ** 31 - 1, size_variation: 0, delay: 0 } },
    ],
    [
      { kind: "slow-close", delayMs: 100 },
      { type: "slow_close", attributes: { delay: 0 } },
    ],
  ];

  it.each(harmless)("keeps the toxic of %o, harmless, for the next fault of its kind", async (impairment, expected) => {
    await using link = await openLink();
    const { client, server } = await bench.pair(link.proxy, link.upstream);
    const first = await link.links.impair(FORTH, impairment);
    const second = await link.links.impair(FORTH, impairment);
    const before = await link.toxics();
    const [one] = before;
    expect(before.map(({ type }) => type)).toEqual([expected.type, GUARD.type, expected.type, GUARD.type]);
    await first.heal();
    expect(await link.toxics()).toEqual([{ ...one, ...expected }, ...before.slice(1)]);
    const again = await link.links.impair(FORTH, impairment);
    expect(await link.toxics()).toEqual(before);
    client.socket.write("x".repeat(3_000));
    await Promise.all([second.heal(), again.heal()]);
    expect(await link.toxics()).toEqual(before.map((toxic, i) => ({ ...toxic, ...(i % 2 === 0 ? expected : GUARD) })));
    await server.has(3_000);
    const started = performance.now();
    client.socket.write("y".repeat(100_000));
    await server.has(103_000);
    client.socket.end();
    await server.ended();
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it.each(["drop", "reset"] as const)(
    "loses the toxic of %s, whose removal closes or spares connections",
    async (kind) => {
      await using link = await openLink();
      const impaired = await link.links.impair(FORTH, { kind });
      expect(await link.toxics()).toHaveLength(1);
      await impaired.heal();
      expect(await link.toxics()).toEqual([]);
    },
  );
});
