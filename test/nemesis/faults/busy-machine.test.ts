/**
 * Probes on a machine that is busy: noise is not taken for a fault, nor does it hide one, and a fault that does nothing
 * is refused.
 */
import { createServer, connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Random } from "../../../history/random.ts";
import { seededRandom } from "../../../history/random.ts";
import type { FaultContext, FaultyWorker } from "../../../nemesis/fault.ts";
import type { Impairment, LinkImpairment } from "../../../network/link.ts";
import { Links } from "../../../network/links.ts";
import { startToxiproxyProcess } from "../../../network/toxiproxy-process.ts";
import type { ToxiproxyProcess } from "../../../network/toxiproxy-process.ts";
import type { Node } from "../../../hosts/host.ts";
import { lookHealed, lookImpaired } from "../../../nemesis/faults/impair-probe.ts";
import { faultKind } from "../../../nemesis/registry.ts";
import { openFaultContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";

/** What busy machines add to a way: nothing mostly, and now and then more than the fault would. */
function noise(random: Random): number {
  return random.integer(0, 2) === 0 ? 0 : random.integer(20, 160);
}

/** A way to a server on which everything is late by chance. */
async function noisyWay(
  to: { host: string; port: number },
  random: Random,
): Promise<AsyncDisposable & { port: number }> {
  const open = new Set<Socket>();
  const carry = (from: Socket, into: Socket): void => {
    let last = Promise.resolve();
    from.on("error", () => into.destroy());
    // What is on its way arrives before the end does.
    from.on("close", () => void last.then(() => into.destroySoon()));
    from.on("data", (chunk) => {
      const late = delay(noise(random));
      last = Promise.all([last, late]).then(() => void into.write(chunk));
    });
  };
  const server = createServer((client) => {
    const upstream = connect(to);
    for (const socket of [client, upstream]) open.add(socket);
    carry(client, upstream);
    carry(upstream, client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

describe("a link on a busy machine", () => {
  let test: TestContext;
  let toxiproxy: ToxiproxyProcess;
  let way: Awaited<ReturnType<typeof noisyWay>>;
  let links: Links;
  let node: Node;

  beforeEach(async () => {
    test = await openFaultContext({ nodes: ["n1"], clients: [] });
    node = test.node("n1");
    way = await noisyWay(node.address, seededRandom(7));
    toxiproxy = await startToxiproxyProcess({ seed: 1 });
    const upstream = { host: "127.0.0.1", port: way.port };
    links = await Links.create(toxiproxy, [{ from: "w1", to: "n1", channel: "data", upstream }]);
  });

  afterEach(async () => {
    await toxiproxy.stop();
    await way[Symbol.asyncDispose]();
    await test[Symbol.asyncDispose]();
  });

  /** What is planned, whether or not anybody does it. */
  const planned = (impairment: Impairment): LinkImpairment => {
    const [link] = links.all;
    if (link === undefined) throw new Error("there is no link");
    return { link, streams: ["upstream", "downstream"], impairment };
  };
  const FLOWS = [
    { from: "w1", to: "n1" },
    { from: "n1", to: "w1" },
  ];
  const KINDS: readonly Impairment[] = [
    { kind: "latency", latencyMs: 120, jitterMs: 20 },
    { kind: "slow-close", delayMs: 200 },
    { kind: "bandwidth", rateKBps: 100 },
    { kind: "hold" },
    { kind: "drop" },
  ];

  it.each(KINDS)("that is under $kind is seen so, and seen to be healed", async (impairment) => {
    const mine = planned(impairment);
    const { heal } = await links.impair(FLOWS, impairment);
    expect(await lookImpaired(mine, [], node)).toEqual({ found: "as planned" });
    if (impairment.kind === "latency") expect((await lookHealed(mine, [], node)).found).toBe("otherwise");
    await heal();
    expect(await lookHealed(mine, [], node)).toEqual({ found: "as planned" });
  });

  it.each(KINDS)("that is not under $kind is not taken for one that is", async (impairment) => {
    for (let i = 0; i < 3; i += 1) expect((await lookImpaired(planned(impairment), [], node)).found).toBe("otherwise");
  });
});

describe("a clock on a busy machine", () => {
  /** A worker whose clock runs by a rate, and that answers late by chance, on either way. */
  function slowWorker(ratePpm: () => number, random: Random): FaultyWorker {
    let base = performance.now();
    let offset = 0;
    let rate = 0;
    const own = (): number => {
      const now = performance.now();
      offset += ((now - base) * rate) / 1_000_000;
      base = now;
      if (rate !== ratePpm()) offset = 0;
      rate = ratePpm();
      return offset;
    };
    return {
      name: "w1",
      pid: () => process.pid,
      state: () => "running",
      signal: () => undefined,
      kill: () => Promise.resolve(),
      shutDown: () => Promise.resolve(),
      stall: () => Promise.resolve(),
      shim: { setClock: () => undefined, setConnections: () => undefined } as unknown as FaultyWorker["shim"] & object,
      clockOffsetMs: async () => {
        const asked = performance.now();
        await delay(noise(random));
        const now = performance.now() + own();
        await delay(noise(random));
        return now - (asked + performance.now()) / 2;
      },
    };
  }

  it("drifts, drifts no more, and is told from one that never did", async () => {
    let ratePpm = 0;
    const worker = slowWorker(() => ratePpm, seededRandom(3));
    const context = { nodes: new Map(), workers: new Map([["w1", worker]]) } as unknown as FaultContext;
    const fault = await faultKind("clock-drift").prepare(context, { target: "w1", ratePpm: 50_000 });
    // It does nothing.
    expect(await fault.probe()).toMatchObject({ ok: false });
    ratePpm = 50_000;
    expect(await fault.probe()).toMatchObject({ ok: true });
    // It does not heal.
    expect(await fault.probeHealed()).toMatchObject({ ok: false });
    ratePpm = 0;
    expect(await fault.probeHealed()).toMatchObject({ ok: true });
  });
});
