/** What every host must be able to do, tried on real servers. */
import { existsSync, readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { processState } from "../../machine/process-state.ts";
import { Links } from "../../network/links.ts";
import { startToxiproxyProcess } from "../../network/toxiproxy-process.ts";
import { dockerMissing, dockerNote, IMAGE_TIMEOUT_MS, openDockerHost } from "../support/docker-nodes.ts";
import { openProcessHost, PLAIN_NODE, startNodes } from "../support/process-nodes.ts";
import type { OpenHost } from "../../runner/equipment/open-host.ts";

function conforms(openHost: () => Promise<OpenHost>): void {
  it("starts nodes in parallel on addresses and ports of their own, open to this machine only", async () => {
    await using test = await openHost();
    const nodes = await startNodes(test.host, "n1", "n2", "n3");
    expect(new Set(nodes.map((node) => node.address.port)).size).toBe(3);
    for (const node of nodes) {
      expect(node.address.host).toMatch(/^(127|10)\./);
      expect(await node.command("PING")).toBe("PONG");
      expect(await node.command("CONFIG", "GET", "bind")).toEqual(["bind", node.address.host]);
    }
  });

  it("says the exact version that the server says of itself", async () => {
    await using test = await openHost();
    const [node] = await startNodes(test.host, "n1");
    expect(await node?.command("INFO", "server")).toContain(`redis_version:${test.host.redisVersion}`);
  });

  it("stops and resumes a node by signals", async () => {
    await using test = await openHost();
    const [node] = await startNodes(test.host, "n1");
    node?.signal("SIGSTOP");
    await expect.poll(() => node?.state()).toBe("stopped");
    node?.signal("SIGCONT");
    await expect.poll(() => node?.state()).toBe("running");
    expect(await node?.command("PING")).toBe("PONG");
  });

  it("restarts a killed node on the same address, empty or with its data", async () => {
    await using test = await openHost();
    const [node] = await test.host.allocate([
      { ...PLAIN_NODE, name: "n1", config: ["appendonly yes", "appendfsync always"] },
    ]);
    if (node === undefined) throw new Error("no node");
    await node.start({ keepData: false });
    await node.command("SET", "k", "v");
    const { port } = node.address;
    await node.kill();
    expect(await node.state()).toBe("dead");
    await node.start({ keepData: true });
    expect([node.address.port, await node.command("GET", "k")]).toEqual([port, "v"]);
    await node.kill();
    await node.start({ keepData: false });
    expect(await node.command("GET", "k")).toBeNull();
  });

  it("moves one node's clock and leaves the others alone", async () => {
    await using test = await openHost();
    const [moved, still] = await startNodes(test.host, "n1", "n2");
    const seconds = async (node: typeof moved): Promise<number> => {
      const answer = (await node?.command("TIME")) as [string, string] | undefined;
      return Number(answer?.[0]);
    };
    moved?.shim?.setClock({ offsetMs: 60_000, ratePpm: 0 });
    expect((await seconds(moved)) - (await seconds(still))).toBeGreaterThanOrEqual(59);
    moved?.shim?.setClock({ offsetMs: 0, ratePpm: 0 });
    expect(Math.abs((await seconds(moved)) - (await seconds(still)))).toBeLessThanOrEqual(1);
  });

  it("names the node and shows its log when it will not start", async () => {
    await using test = await openHost();
    const [node] = await test.host.allocate([{ ...PLAIN_NODE, name: "n1", config: ["no-such-directive yes"] }]);
    await expect(node?.start({ keepData: false })).rejects.toThrow(
      /n1 \(port \d+\) ended while starting[\s\S]*no-such-directive/,
    );
  });

  it("lets nodes reach each other through the proxies of their links only", async () => {
    await using test = await openHost();
    const toxiproxy = await startToxiproxyProcess({ seed: 1 });
    await using cleanUp = new AsyncDisposableStack();
    cleanUp.defer(() => toxiproxy.stop());
    const nodes = await startNodes(test.host, "n1", "n2");
    const [primary, replica] = nodes;
    if (primary === undefined || replica === undefined) throw new Error("no nodes");
    const links = await Links.create(toxiproxy, [
      { from: "n2", to: "n1", channel: "data", upstream: primary.address, listenHost: test.host.proxyHost },
    ]);
    replica.shim?.setConnections(links.connectionTable("n2"));
    const [link] = links.all;
    expect(link?.listen.host).toBe(test.host.proxyHost);
    expect(isIPv4(test.host.proxyHost)).toBe(true);

    const linkStatus = async (): Promise<string | undefined> =>
      /master_link_status:(\w+)/.exec(String(await replica.command("INFO", "replication")))?.[1];
    const cut = await links.impair([{ from: "n2", to: "n1" }], { kind: "down" });
    await replica.command("REPLICAOF", primary.address.host, primary.address.port);
    await expect.poll(() => replica.logTail(20)).toMatch(/Connection refused|Error condition on socket/);
    expect(await linkStatus()).toBe("down");
    await cut.heal();
    await expect.poll(linkStatus).toBe("up");
  });

  it("leaves no process and no file behind, and keeps logs and configurations where it is told", async () => {
    const test = await openHost();
    const [node] = await startNodes(test.host, "n1");
    const pid = node?.pid() ?? 0;
    expect(processState(pid)).toBe("running");
    const logs = join(test.folder, "kept");
    await test.host.stop(logs);
    expect(processState(pid)).toBe("dead");
    expect(existsSync(join(test.folder, "n1"))).toBe(false);
    expect(readFileSync(join(logs, "n1.log"), "utf8")).toContain("Ready to accept connections");
    expect(readFileSync(join(logs, "n1.redis.conf"), "utf8")).toContain(`port ${node?.address.port}`);
    await test[Symbol.asyncDispose]();
    expect(existsSync(test.folder)).toBe(false);
  });
}

describe("process host", () => {
  conforms(openProcessHost);

  it("says so when a node's port is taken", async () => {
    await using test = await openProcessHost();
    const [first] = await startNodes(test.host, "n1");
    const [second] = await test.host.allocate([{ ...PLAIN_NODE, name: "n2", config: [`port ${first?.address.port}`] }]);
    await expect(second?.start({ keepData: false })).rejects.toThrow(/Address already in use/);
  });
});

describe.skipIf(dockerMissing)(`docker host${dockerNote}`, { timeout: IMAGE_TIMEOUT_MS }, () => {
  conforms(openDockerHost);
});
