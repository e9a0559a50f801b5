/** What clients have sent through their links, by the account of the embedded proxies. */
import { createServer, connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sentBy } from "../../network/client-traffic.ts";
import { probeLink } from "../../network/link-probe.ts";
import { timeExchange } from "../../network/link-timing.ts";
import type { Link } from "../../network/link.ts";
import { Links } from "../../network/links.ts";
import type { ToxiproxyProcess } from "../../network/toxiproxy-process.ts";
import { startToxiproxyProcess } from "../../network/toxiproxy-process.ts";

/** Sends everything back. */
const echo = createServer((socket) => socket.pipe(socket));
let toxiproxy: ToxiproxyProcess;
let links: Links;

beforeAll(async () => {
  echo.listen(0, "127.0.0.1");
  toxiproxy = await startToxiproxyProcess({ seed: 1 });
  if (!echo.listening) await once(echo, "listening");
  const { port } = echo.address() as AddressInfo;
  const upstream = { host: "127.0.0.1", port };
  links = await Links.create(
    toxiproxy,
    ["w1", "w2", "w3"].map((from) => ({ from, to: "n1", channel: "data", upstream })),
  );
});

afterAll(async () => {
  await toxiproxy.stop();
  echo.close();
});

function linkOf(worker: string): Link {
  const link = links.all.find(({ from }) => from === worker);
  if (link === undefined) throw new Error(`no link of ${worker}`);
  return link;
}

/** A client's own connection, whose bytes have come back. */
async function send(worker: string, text: string): Promise<Socket> {
  const socket = connect(linkOf(worker).listen);
  socket.write(text);
  await once(socket, "data");
  return socket;
}

it("counts what each client has sent on connections that are open or closed, and leaves probes out", async () => {
  const open = await send("w1", "12345");
  const closed = await send("w1", "1234567");
  closed.end();
  await once(closed, "close");
  expect((await probeLink(linkOf("w2"), 5_000)).state).toBe("answers");
  await timeExchange(linkOf("w2"), 100, 5_000);
  const sent = sentBy(links.all, await toxiproxy.fromClients(), "");
  expect(Object.fromEntries(sent)).toEqual({ w1: 12, w2: 0, w3: 0 });
  open.destroy();
});
