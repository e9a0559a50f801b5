import { existsSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { awaitCondition } from "../../../machine/await-condition.ts";
import { ShimControl } from "../../../hosts/shim/shim-control.ts";
import type { Endpoint } from "../../../network/link.ts";
import { NodeChild, RedisServers, Scratch, shimLibrary } from "./fixture.ts";

/** Loopback too, but nobody listens there. */
const ANNOUNCED = { host: "127.9.9.9", port: 7777 };

/** A server on 127.0.0.1 that hands every connection to `accept`. */
class Listener implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(accept: (socket: Socket) => void): Promise<Listener> {
    const server = createServer();
    const listener = new Listener(server);
    server.on("connection", (socket) => {
      listener.#sockets.add(socket);
      // A killed peer resets the connection; the test is over then.
      socket.on("error", () => socket.destroy());
      accept(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return listener;
  }

  get endpoint(): Endpoint {
    return { host: "127.0.0.1", port: (this.#server.address() as AddressInfo).port };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = once(this.#server, "close");
    this.#server.close();
    await closed;
  }
}

/** Code for the child: connects and returns everything that the other side says, or the error's code. */
function greeting(host: string, port: number): string {
  return `new Promise((done) => {
    const socket = require("net").connect({ host: ${JSON.stringify(host)}, port: ${port} });
    let text = "";
    socket.on("data", (data) => text += data).on("end", () => done(text)).on("error", (error) => done(error.code));
  })`;
}

describe("connections of a process under the fault shim", () => {
  it("go where the table says, and only those", async () => {
    using scratch = new Scratch();
    await using one = await Listener.start((socket) => socket.end("one"));
    await using two = await Listener.start((socket) => socket.end("two"));
    const control = ShimControl.create(scratch.file("control"));
    await using child = new NodeChild(control.environment(await shimLibrary()));
    const announced = greeting(ANNOUNCED.host, ANNOUNCED.port);

    expect(await child.evaluate(announced)).toBe("ECONNREFUSED");
    expect(control.redirected()).toBe(0);
    control.setConnections([{ from: ANNOUNCED, to: one.endpoint }]);
    expect(await child.evaluate(announced)).toBe("one");
    expect(control.redirected()).toBe(1);

    expect(await child.evaluate(greeting(ANNOUNCED.host, ANNOUNCED.port + 1))).toBe("ECONNREFUSED");
    expect(await child.evaluate(greeting(two.endpoint.host, two.endpoint.port))).toBe("two");
    expect(control.redirected()).toBe(1);

    control.setConnections([{ from: ANNOUNCED, to: two.endpoint }]);
    expect(await child.evaluate(announced)).toBe("two");
    control.setConnections([]);
    expect(await child.evaluate(announced)).toBe("ECONNREFUSED");
    expect(control.redirected()).toBe(2);
  });

  it("find the last of 512 entries", async () => {
    using scratch = new Scratch();
    await using one = await Listener.start((socket) => socket.end("one"));
    const control = ShimControl.create(scratch.file("control"));
    await using child = new NodeChild(control.environment(await shimLibrary()));
    const others = Array.from({ length: 511 }, (_, i) => ({ from: { host: "127.9.9.8", port: i + 1 }, to: ANNOUNCED }));
    control.setConnections([...others, { from: ANNOUNCED, to: one.endpoint }]);
    expect(await child.evaluate(greeting(ANNOUNCED.host, ANNOUNCED.port))).toBe("one");
  });

  it.skipIf(!existsSync("/proc/net/if_inet6"))("are redirected through IPv6 sockets with IPv4 addresses", async () => {
    using scratch = new Scratch();
    await using one = await Listener.start((socket) => socket.end("one"));
    const control = ShimControl.create(scratch.file("control"));
    await using child = new NodeChild(control.environment(await shimLibrary()));
    control.setConnections([{ from: ANNOUNCED, to: one.endpoint }]);
    expect(await child.evaluate(greeting(`::ffff:${ANNOUNCED.host}`, ANNOUNCED.port))).toBe("one");
    expect(control.redirected()).toBe(1);
  });
});

describe("a Redis replica under the fault shim", () => {
  it("replicates from an announced address through the link's proxy", async () => {
    await using servers = await RedisServers.start(["repl-diskless-sync-delay 0"], []);
    const [primary, replica] = [servers.node("n1"), servers.node("n2")];
    let forwarded = 0;
    await using forwarder = await Listener.start((socket) => {
      forwarded += 1;
      const upstream = connect(primary.address);
      upstream.on("error", () => socket.destroy());
      socket.pipe(upstream).pipe(socket);
    });
    replica.shim?.setConnections([{ from: ANNOUNCED, to: forwarder.endpoint }]);
    await replica.command("REPLICAOF", ANNOUNCED.host, ANNOUNCED.port);
    await primary.command("SET", "key", "value");
    await awaitCondition("the key to reach the replica", 10_000, async () =>
      (await replica.command("GET", "key")) === "value" ? true : undefined,
    );
    const info = String(await replica.command("INFO", "replication"));
    expect(info).toContain(`master_host:${ANNOUNCED.host}`);
    expect(info).toContain("master_link_status:up");
    expect(forwarded).toBeGreaterThanOrEqual(1);
    const control = servers.control("n2");
    expect(control.redirected()).toBe(forwarded);
    control.close();
  });
});
