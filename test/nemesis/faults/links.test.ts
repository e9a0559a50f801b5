/**
 * Every impairment of links on real servers: what it does on the wire, how it composes with others, and what its probe
 * can tell.
 */
import { describe, expect, it } from "vitest";
import type { Fault, FaultOptions } from "../../../nemesis/fault.ts";
import { faultKind } from "../../../nemesis/registry.ts";
import { probeLink } from "../../../network/link-probe.ts";
import { timeExchange, timeServerEnd } from "../../../network/link-timing.ts";
import type { Channel, Link } from "../../../network/link.ts";
import { openFaultContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { roundTrip } from "../../support/round-trip.ts";

const impair = (test: TestContext, options: FaultOptions): Promise<Fault> =>
  faultKind("link").prepare(test.context, { from: "w1", to: "n1", ...options });

const linkOf = (test: TestContext, from: string, to: string, channel: Channel = "data"): Link => {
  const link = test.context.links.all.find((each) => each.from === from && each.to === to && each.channel === channel);
  if (link === undefined) throw new Error(`no link ${from} ${to} ${channel}`);
  return link;
};

const client = (): Promise<TestContext> => openFaultContext({ nodes: ["n1"], clients: ["w1", "w2"] });

describe("lose-reply", () => {
  it("lets a command arrive and be carried out, and loses the answer", async () => {
    await using test = await client();
    await roundTrip(await impair(test, { how: "lose-reply" }), async () => {
      const calls = async (): Promise<number> =>
        Number(
          /cmdstat_ping:calls=(\d+)/.exec(String(await test.node("n1").command("INFO", "commandstats")))?.[1] ?? 0,
        );
      const before = await calls();
      expect(await probeLink(linkOf(test, "w1", "n1"), 300)).toMatchObject({ state: "silent" });
      // On a busy machine the PING is there later than its answer was waited for.
      await expect.poll(async () => (await calls()) - before).toBeGreaterThan(0);
      expect(await probeLink(linkOf(test, "w2", "n1"), 5_000)).toMatchObject({ state: "answers" });
    });
  });

  it("between nodes is about what `from` asks for only", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"] });
    await roundTrip(await impair(test, { from: "n1", to: "n2", how: "lose-reply" }), async () => {
      expect(await probeLink(linkOf(test, "n1", "n2"), 300)).toMatchObject({ state: "silent" });
      expect(await probeLink(linkOf(test, "n2", "n1"), 5_000)).toMatchObject({ state: "answers" });
    });
  });
});

describe.each(["forth", "back", "both"] as const)("in the direction %s", (direction) => {
  const ways = direction === "both" ? 2 : 1;

  it("bandwidth paces what is sent", async () => {
    await using test = await client();
    await roundTrip(await impair(test, { how: "bandwidth", rateKBps: 100, direction }), async () => {
      expect(await timeExchange(linkOf(test, "w1", "n1"), 10_000, 5_000)).toBeGreaterThanOrEqual(ways * 99);
      expect(await timeExchange(linkOf(test, "w2", "n1"), 10_000, 5_000)).toBeLessThan(ways * 99);
    });
  });

  it("slicer cuts what is sent into pieces with pauses", async () => {
    await using test = await client();
    const options = { how: "slicer", averageBytes: 10, variationBytes: 2, delayUs: 5_000, direction };
    await roundTrip(await impair(test, options), async () => {
      // At least 25 pieces.
      expect(await timeExchange(linkOf(test, "w1", "n1"), 300, 10_000)).toBeGreaterThanOrEqual(ways * 119);
    });
  });

  it("slow-close brings the end late and nothing else", async () => {
    await using test = await client();
    await roundTrip(await impair(test, { how: "slow-close", delayMs: 300, direction }), async () => {
      const link = linkOf(test, "w1", "n1");
      expect(await probeLink(link, 5_000)).toMatchObject({ state: "answers" });
      const endedAfter = (await timeServerEnd(link, 5_000)) ?? Infinity;
      if (direction === "forth") expect(endedAfter).toBeLessThan(250);
      // The server's last words may have been seen late.
      else expect(endedAfter).toBeGreaterThanOrEqual(250);
    });
  });
});

describe("a cluster bus link", () => {
  const betweenNodes = { from: "n1", to: "n2" };
  const bus = (): Promise<TestContext> => openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"], bus: true });

  it.each(["forth", "back", "both"] as const)("under reset %s does not pass for a healthy one", async (direction) => {
    await using test = await bus();
    await roundTrip(await impair(test, { ...betweenNodes, how: "reset", direction }), async () => {
      const channels = ["data", "bus"] as const;
      const states = await Promise.all(
        channels.map(async (channel) => (await probeLink(linkOf(test, "n1", "n2", channel), 5_000)).state),
      );
      expect(states).toEqual(["closed", "closed"]);
    });
  });

  it.each([
    ["hold", {}],
    ["drop", {}],
    ["down", {}],
    ["latency", { latencyMs: 200 }],
    ["bandwidth", { rateKBps: 50 }],
    ["slicer", { averageBytes: 100, delayUs: 5_000 }],
    ["slow-close", { delayMs: 1_000 }],
  ])("is seen under %s", async (how, figures) => {
    await using test = await bus();
    const fault = await impair(test, { ...betweenNodes, how, ...figures });
    await roundTrip(fault, async () => expect((await fault.probe()).saw).toBe("4 of 4 links as planned"));
  });

  it("is named when its answers are impaired in a way that no probe can see", async () => {
    await using test = await bus();
    const fault = await impair(test, { ...betweenNodes, how: "drop", direction: "forth" });
    await roundTrip(fault, async () =>
      expect((await fault.probe()).saw).toMatch(/^3 of 4 links as planned; not to be seen: n2\.n1\.bus \(/),
    );
  });
});

describe("a probe", () => {
  it("says no when nothing could be seen", async () => {
    await using test = await client();
    const fault = await impair(test, { how: "hold" });
    await fault.inject();
    await test.node("n1").kill();
    expect(await fault.probe()).toEqual({
      ok: false,
      saw: "0 of 1 links as planned; not to be seen: w1.n1 (n1 is dead)",
    });
    await fault.heal();
    await test.node("n1").start({ keepData: false });
    expect(await fault.probeHealed()).toMatchObject({ ok: true });
  });

  it("tells its own latency from another's", async () => {
    await using test = await client();
    const first = await impair(test, { how: "latency", latencyMs: 200 });
    const second = await impair(test, { how: "latency", latencyMs: 100 });
    await first.inject();
    expect(await second.probe()).toMatchObject({ ok: false });
    await roundTrip(second, async () => {
      expect(await timeExchange(linkOf(test, "w1", "n1"), 0, 5_000)).toBeGreaterThanOrEqual(598);
      expect(await first.probe()).toMatchObject({ ok: true });
    });
    await first.heal();
    expect(await first.probeHealed()).toMatchObject({ ok: true });
  });

  it("sees that an impairment outlived its heal", async () => {
    await using test = await client();
    const fault = await impair(test, { how: "latency", latencyMs: 100 });
    // Put there by somebody who does not tell: a heal that left something behind would look like this.
    const response = await fetch(`${test.toxiproxyUrl}/proxies/w1.n1/toxics`, {
      method: "POST",
      body: JSON.stringify({ type: "latency", attributes: { latency: 250 } }),
    });
    expect(response.ok).toBe(true);
    expect(await fault.probeHealed()).toEqual({
      ok: false,
      saw: "w1.n1 was still as under latency after it was healed",
    });
  });
});

describe("several impairments on one link", () => {
  it("down, hold and latency heal one by one, in any order", async () => {
    await using test = await client();
    const link = linkOf(test, "w1", "n1");
    const latency = await impair(test, { how: "latency", latencyMs: 100 });
    const hold = await impair(test, { how: "hold" });
    const down = await impair(test, { how: "down" });
    for (const fault of [latency, hold, down]) {
      await fault.inject();
      expect(await fault.probe()).toMatchObject({ ok: true });
    }
    // What lies behind another cannot be seen, and so is not called seen.
    expect(await hold.probe()).toEqual({ ok: false, saw: "w1.n1 was refused under hold beside latency, down" });
    await hold.heal();
    expect(await hold.probeHealed()).toEqual({
      ok: true,
      saw: "0 of 1 links as planned; not to be seen: w1.n1 (down still acts there)",
    });
    expect(await probeLink(link, 5_000)).toMatchObject({ state: "refused" });
    await hold.inject();
    await down.heal();
    expect(await down.probeHealed()).toMatchObject({ ok: true });
    expect(await hold.probe()).toMatchObject({ ok: true });
    await hold.heal();
    expect(await hold.probeHealed()).toMatchObject({ ok: true, saw: "1 of 1 links as planned" });
    expect(await latency.probe()).toMatchObject({ ok: true });
    await latency.heal();
    expect(await latency.probeHealed()).toMatchObject({ ok: true });
    expect(await latency.probe()).toMatchObject({ ok: false });
  });

  it("opposite directions of one link are impaired and healed by themselves", async () => {
    await using test = await client();
    const forth = await impair(test, { how: "hold", direction: "forth" });
    const back = await impair(test, { how: "bandwidth", rateKBps: 20, direction: "back" });
    await back.inject();
    await forth.inject();
    expect(await forth.probe()).toMatchObject({ ok: true });
    await forth.heal();
    expect(await forth.probeHealed()).toMatchObject({ ok: true });
    expect(await back.probe()).toMatchObject({ ok: true });
    await back.heal();
    expect(await back.probeHealed()).toMatchObject({ ok: true });
  });

  it("a link that many faults close and open at once ends open", async () => {
    await using test = await client();
    const faults = await Promise.all(Array.from({ length: 8 }, () => impair(test, { how: "down" })));
    await Promise.all(
      faults.map(async (fault) => {
        await fault.inject();
        expect(await probeLink(linkOf(test, "w1", "n1"), 5_000)).toMatchObject({ state: "refused" });
        await fault.heal();
      }),
    );
    expect(await probeLink(linkOf(test, "w1", "n1"), 5_000)).toMatchObject({ state: "answers" });
  });
});

describe("figures and directions that make no sense", () => {
  it.each([
    [{ how: "bandwidth" }, /"rateKBps" must be a number, not undefined/],
    [{ how: "bandwidth", rateKBps: 0 }, /"rateKBps" must be a whole number of at least 1, not 0/],
    [{ how: "bandwidth", rateKBps: 10_000_000 }, /too fast for its probe to see; ask for a lower "rateKBps"/],
    [{ how: "slicer", averageBytes: 100_000, delayUs: 1 }, /smaller pieces or a longer "delayUs"/],
    [{ how: "latency", latencyMs: 1.5 }, /"latencyMs" must be a whole number of at least 1, not 1.5/],
    [{ how: "latency", latencyMs: 50, jitterMs: 40 }, /"jitterMs" must be at most half of "latencyMs" \(50\), not 40/],
    [{ how: "slow-close", delayMs: -1 }, /"delayMs" must be a whole number of at least 1, not -1/],
    [{ how: "lose-reply", direction: "forth" }, /cannot be "forth" with lose-reply, which always acts back/],
    [{ how: "down", direction: "back" }, /cannot be "back" with down, which always acts both/],
  ])("%j is refused", async (options, message) => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    await expect(impair(test, options)).rejects.toThrow(message);
  });
});
