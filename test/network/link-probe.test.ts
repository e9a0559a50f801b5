/** What a look at a link says of a server that closes connections, for once or always. */
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { probeLink, probeOpenLink } from "../../network/link-probe.ts";
import type { Link } from "../../network/link.ts";

/** A server that closes its first connections without an answer, and answers the others. */
async function closing(count: number): Promise<{ readonly link: Link } & AsyncDisposable> {
  let seen = 0;
  const server = createServer((socket) => {
    seen += 1;
    if (seen <= count) socket.resume().end();
    else socket.on("data", () => socket.write("+PONG\r\n"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const listen = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  const link: Link = {
    proxy: "w1.n1",
    from: "w1",
    to: "n1",
    channel: "data",
    protocol: "redis",
    listen,
    upstream: listen,
  };
  return { link, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe("a link that should be open", () => {
  it("may be closed once by its server", async () => {
    await using server = await closing(1);
    expect(await probeOpenLink(server.link, 5_000)).toMatchObject({ state: "answers" });
  });

  it("is closed when the next connection is closed as well", async () => {
    await using server = await closing(2);
    expect(await probeOpenLink(server.link, 5_000)).toEqual({ state: "closed" });
  });
});

it("tells what one connection saw", async () => {
  await using server = await closing(1);
  expect(await probeLink(server.link, 5_000)).toEqual({ state: "closed" });
});
