/** A Toxiproxy that runs already, and that others use too: the embedded server stands for it. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askToxiproxyVersion, useToxiproxy } from "../../network/given-toxiproxy.ts";
import { probeLink } from "../../network/link-probe.ts";
import { Links } from "../../network/links.ts";
import type { LinkRequest } from "../../network/links.ts";
import { assertListening } from "../../network/reachable.ts";
import { startToxiproxyProcess } from "../../network/toxiproxy-process.ts";
import type { ToxiproxyProcess } from "../../network/toxiproxy-process.ts";

const NOWHERE = { host: "127.0.0.1", port: 9 };
const REQUEST: LinkRequest = { from: "w1", to: "n1", channel: "data", upstream: NOWHERE };

let server: ToxiproxyProcess;
beforeEach(async () => {
  server = await startToxiproxyProcess({ seed: 1 });
});
afterEach(() => server.stop());

async function names(): Promise<string[]> {
  return Object.keys((await (await fetch(`${server.url}/proxies`)).json()) as object).toSorted();
}

/** Answers every request with the same text. */
async function answering(text: string): Promise<{ url: string } & AsyncDisposable> {
  const other = createServer((_request, response) => response.end(text));
  await once(other.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      other.closeAllConnections();
      await new Promise((resolve) => other.close(resolve));
    },
  };
}

describe("a Toxiproxy that runs already", () => {
  it("gets proxies with names of the run's own, and loses them and no others at the end", async () => {
    await Links.create(server, [REQUEST]);
    const first = await useToxiproxy({ url: server.url, proxyPrefix: "run-1-" });
    const second = await useToxiproxy({ url: server.url, proxyPrefix: "run-2-" });
    expect(first).toMatchObject({ version: server.version, description: `${server.version} (at ${server.url})` });
    const links = await Links.create(first, [REQUEST]);
    await Links.create(second, [REQUEST]);
    expect(await names()).toEqual(["run-1-w1.n1", "run-2-w1.n1", "w1.n1"]);

    const [link] = links.all;
    expect(link?.proxy).toBe("w1.n1");
    const impaired = await links.impair([{ from: "w1", to: "n1" }], { kind: "down" });
    expect((await probeLink(link as never, 1_000)).state).toBe("refused");
    await impaired.heal();
    expect((await probeLink(link as never, 1_000)).state).toBe("closed");

    await first.stop();
    expect(await names()).toEqual(["run-2-w1.n1", "w1.n1"]);
    await second.stop();
    expect(await names()).toEqual(["w1.n1"]);
  });

  it("whose end is noticed, and then keeps nobody from ending", async () => {
    const used = await useToxiproxy({ url: server.url, proxyPrefix: "run-" });
    const told = new Promise<string>((resolve) => used.onExit(resolve));
    process.kill(server.pid, "SIGKILL");
    expect(await told).toBe(`the Toxiproxy at ${server.url} answers no more (ECONNREFUSED)`);
    await used.stop();
  });

  it("is named when nothing answers there, or something else", async () => {
    await server.stop();
    await expect(askToxiproxyVersion(server.url)).rejects.toThrow(
      `no Toxiproxy answers at ${server.url} (ECONNREFUSED): start one there, or leave --toxiproxy out`,
    );
    await using other = await answering("<html>");
    await expect(askToxiproxyVersion(other.url)).rejects.toThrow(
      `what answers at ${other.url} is no Toxiproxy: asked for its version it said 200 "<html>"`,
    );
  });

  it.each([
    ['{"version": "2.12.0"}', "2.12.0"],
    ["2.1.4", "2.1.4"],
    ["v2.5.0", "2.5.0"],
  ])("says its version as it did then: %s", async (text, version) => {
    await using other = await answering(text);
    expect(await askToxiproxyVersion(other.url)).toBe(version);
  });

  it("is refused when its proxies cannot be reached from here, or it does not have the address", async () => {
    const [link] = (await Links.create(server, [REQUEST])).all;
    await expect(assertListening(server.url, [link as never])).resolves.toBeUndefined();
    await fetch(`${server.url}/proxies/w1.n1`, { method: "DELETE" });
    await expect(assertListening(server.url, [link as never])).rejects.toThrow(
      /has made the proxy w1\.n1 at 127\.0\.0\.1:\d+, where nothing can be reached from here \(ECONNREFUSED\): it must run on this machine/,
    );
  });
});
