/** What a library writes by itself is told from what is written because a connection was lost, with real sockets. */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Idleness, watchTraffic } from "../../../workloads/lock/own-traffic.ts";

let server: Server;
const accepted = new Set<Socket>();

beforeEach(async () => {
  server = createServer((socket) => {
    accepted.add(socket);
    socket.on("error", () => undefined).resume();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(async () => {
  for (const socket of accepted) socket.destroy();
  accepted.clear();
  server.close();
  await once(server, "close");
});

const port = (): number => (server.address() as AddressInfo).port;

async function connected(): Promise<Socket> {
  const socket = connect(port(), "127.0.0.1")
    .on("error", () => undefined)
    .resume();
  await once(socket, "connect");
  return socket;
}

/** Not before the look at it has begun. */
async function written(socket: Socket, text: string): Promise<void> {
  await Promise.resolve();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.write(text, (error) => (error instanceof Error ? reject(error) : resolve()));
  await promise;
}

/** As a server does that goes away: every connection ends. */
async function lostByAll(socket: Socket): Promise<void> {
  for (const each of accepted) each.end();
  await once(socket, "close");
}

describe("what a library asks by itself", () => {
  it("cannot be seen where it has no connection", async () => {
    using traffic = watchTraffic(0);
    const idleness = new Idleness(traffic);
    await idleness.during(Promise.resolve());
    expect(idleness.refreshed).toBeUndefined();
  });

  it("is what it writes on its connections, new ones too, but not on the resource's", async () => {
    using traffic = watchTraffic(0);
    const first = await connected();
    const quiet = new Idleness(traffic);
    await quiet.during(Promise.resolve());
    expect(quiet.refreshed).toBe(false);
    const busy = new Idleness(traffic);
    await busy.during(written(first, "PEXPIRE"));
    expect(busy.refreshed).toBe(true);
    const anew = new Idleness(traffic);
    await anew.during(connected().then((socket) => written(socket, "PEXPIRE")));
    expect(anew.refreshed).toBe(true);

    using others = watchTraffic(port());
    const other = new Idleness(others);
    await other.during(connected().then((socket) => written(socket, "write")));
    expect(other.refreshed).toBeUndefined();
  });

  it("is not that a lost connection is made again, but what comes on it afterwards", async () => {
    using traffic = watchTraffic(0);
    const first = await connected();
    const greeting = new Idleness(traffic);
    let second: Socket | undefined;
    await greeting.during(
      lostByAll(first).then(async () => {
        second = await connected();
        await written(second, "INFO");
      }),
    );
    expect(greeting.refreshed).toBe(false);
    const refresh = new Idleness(traffic);
    await refresh.during(written(second as unknown as Socket, "PEXPIRE"));
    expect(refresh.refreshed).toBe(true);
  });
});
