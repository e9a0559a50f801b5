/** Hooks that Redis has for its own tests of Cluster and Sentinel, on real ones. */
import { describe, expect, it } from "vitest";
import { awaitCondition } from "../../../machine/await-condition.ts";
import { dockerMissing, dockerNote, IMAGE_TIMEOUT_MS, openDockerHost } from "../../support/docker-nodes.ts";
import { openFaultContext, openSystemContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { openProcessHost } from "../../support/process-nodes.ts";
import type { OpenHost } from "../../../runner/equipment/open-host.ts";
import { prepare, roundTrip } from "../../support/round-trip.ts";

const HOSTS = [
  { name: "plain processes", open: openProcessHost, skip: false },
  { name: `Docker${dockerNote}`, open: openDockerHost, skip: dockerMissing },
];

/** Two nodes of one Cluster, without slots. */
async function openCluster(open: () => Promise<OpenHost>): Promise<TestContext> {
  const test = await openFaultContext({
    nodes: ["n1", "n2"],
    clients: [],
    bus: true,
    config: ["cluster-node-timeout 2000"],
    open,
  });
  const { address, busAddress } = test.node("n2");
  await test.node("n1").command("CLUSTER", "MEET", address.host, address.port, busAddress?.port ?? 0);
  for (const name of ["n1", "n2"]) {
    await awaitCondition(`${name} to know the other`, 15_000, async () => {
      const nodes = String(await test.node(name).command("CLUSTER", "NODES"));
      return nodes.trim().split("\n").length === 2 && !/handshake|disconnected/.test(nodes) ? true : undefined;
    });
  }
  return test;
}

/** When n1 asked n2 without an answer so far (0: it has one), and when n2 last answered. */
async function pongs(test: TestContext): Promise<{ pending: string | undefined; last: string | undefined }> {
  const nodes = String(await test.node("n1").command("CLUSTER", "NODES"));
  const fields =
    nodes
      .split("\n")
      .find((line) => !line.includes("myself"))
      ?.split(" ") ?? [];
  return { pending: fields[4], last: fields[5] };
}

describe("cluster-packet-filter", { timeout: IMAGE_TIMEOUT_MS }, () => {
  describe.each(HOSTS)("in $name", ({ open, skip }) => {
    it.skipIf(skip)("of pongs leaves every question unanswered, until it heals", async () => {
      await using test = await openCluster(open);
      const seen: string[] = [];
      await roundTrip(await prepare(test, "cluster-packet-filter", { target: "n1", packet: "pong" }), async () => {
        const { pending, last } = await pongs(test);
        expect(pending).not.toBe("0");
        seen.push(last ?? "none");
      });
      await expect.poll(async () => (await pongs(test)).last).not.toBe(seen[0]);
    });
  });

  it("has not acted where no packet of the type came", async () => {
    await using test = await openCluster(openProcessHost);
    const fault = await prepare(test, "cluster-packet-filter", { target: "n1", packet: "publish", withinMs: 300 });
    await fault.inject();
    expect(await fault.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("dropped 0 packets") });
    await test.node("n2").command("PUBLISH", "channel", "message");
    await expect.poll(() => fault.probe()).toMatchObject({ ok: true });
    await fault.heal();
  });
});

describe("sentinel-crash", { timeout: IMAGE_TIMEOUT_MS }, () => {
  const CRASHES = [
    { at: "crash-after-election", host: HOSTS[0] },
    { at: "crash-after-promotion", host: HOSTS[0] },
    { at: "crash-after-election", host: HOSTS[1] },
  ].flatMap(({ at, host }) => (host === undefined ? [] : [{ at, ...host }]));

  describe.each(CRASHES)("in $name", ({ at, open, skip }) => {
    it.skipIf(skip)(`${at} ends the one that leads, and it comes back`, async () => {
      await using test = await openSystemContext(
        { kind: "sentinel", options: { downAfterMs: 2_000, failoverTimeoutMs: 3_000 } },
        { open },
      );
      const fault = await prepare(test, "sentinel-crash", { at, withinMs: 30_000 });
      const kill = await prepare(test, "kill", { target: "primary" });
      await roundTrip(
        {
          ...fault,
          // The failover that the fault waits for is another fault's doing.
          inject: async () => {
            await Promise.all([fault.inject(), kill.inject()]);
          },
        },
        async () => {
          const [crashed] = (fault.detail as { crashed: string[] }).crashed;
          expect(await test.node(crashed ?? "none").state()).toBe("dead");
        },
      );
      await kill.heal();
      await test.system.settled([...test.context.nodes.values()]);
    });
  });

  it("has not acted where nothing brought a failover about, and leaves nobody armed", async () => {
    await using test = await openSystemContext({
      kind: "sentinel",
      options: { downAfterMs: 2_000, failoverTimeoutMs: 3_000 },
    });
    const fault = await prepare(test, "sentinel-crash", { withinMs: 300 });
    await fault.inject();
    expect(await fault.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("no sentinel came to") });
    await fault.heal();
    expect(await fault.probeHealed()).toMatchObject({ ok: true });
    await test.node("n1").kill();
    await expect.poll(() => test.context.primaries()).toHaveLength(1);
    for (const name of ["s1", "s2", "s3"]) expect(await test.node(name).state()).toBe("running");
  });
});
