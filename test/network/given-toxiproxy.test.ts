/** A Toxiproxy that runs already, and that others use too: the embedded server stands for it. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answered } from "../../network/answered.ts";
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

/** A server that hands requests on to another one, but for those that it leaves without an answer. */
async function inFront(url: string, isSilent: (method: string, path: string) => boolean) {
  const seen: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url: path = "/" } = request;
    seen.push(`${method} ${path}`);
    if (isSilent(method, path)) return;
    const body = await buffer(request);
    const inner = await fetch(`${url}${path}`, { method, ...(body.length > 0 ? { body } : {}) });
    response.writeHead(inner.status);
    response.end(await inner.text());
  };
  const front = createServer((request, response) => void answer(request, response));
  await once(front.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
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

  it("loses the run's proxies although it hangs: what answers goes first", async () => {
    const silent = (method: string, path: string): boolean =>
      method === "GET" && (path === "/proxies" || path === "/proxies/run-w1.n1/toxics");
    await using front = await inFront(server.url, silent);
    await Links.create(server, [{ ...REQUEST, from: "somebody" }]);
    const used = await useToxiproxy({ url: front.url, proxyPrefix: "run-", patienceMs: 300 });
    await Links.create(used, [REQUEST, { ...REQUEST, from: "w2" }, { ...REQUEST, from: "w3" }]);
    expect(await names()).toHaveLength(4);
    await used.stop();
    expect(await names()).toEqual(["somebody.n1"]);
    const removed = front.seen.filter((request) => request.startsWith("DELETE"));
    expect(removed.at(-1)).toBe("DELETE /proxies/run-w1.n1");
    expect(removed).toHaveLength(3);
  });

  it("is named when it does not remove a proxy in time, and the others are removed all the same", async () => {
    await using front = await inFront(server.url, (method, path) => method === "DELETE" && path.endsWith("w1.n1"));
    const used = await useToxiproxy({ url: front.url, proxyPrefix: "run-", patienceMs: 300 });
    await Links.create(used, [REQUEST, { ...REQUEST, from: "w2" }]);
    await expect(used.stop()).rejects.toThrow(
      `the proxies of the run could not be removed: the Toxiproxy at ${front.url} did not answer DELETE /proxies/run-w1.n1 within 300 ms`,
    );
    expect(await names()).toEqual(["run-w1.n1"]);
  });

  it("is named with the request that it did not answer, or refused", async () => {
    const never = new Promise<never>(() => undefined);
    await expect(answered("http://t", "POST /proxies/a", never, 20)).rejects.toThrow(
      "the Toxiproxy at http://t did not answer POST /proxies/a within 20 ms: it waits for a peer that does not read, or hangs",
    );
    await expect(answered("http://t", "POST /proxies/a", Promise.reject(new Error("code 503")))).rejects.toThrow(
      "the Toxiproxy at http://t did not carry out POST /proxies/a (code 503)",
    );
    expect(await answered("http://t", "GET /", Promise.resolve(1))).toBe(1);
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
    ['{"version": "git"}', "git"],
    ['{"version": "git-5d3b2d4"}', "git-5d3b2d4"],
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
