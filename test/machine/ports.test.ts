/** Ports for nodes: free, and never the same for two that are started side by side. */
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { freePorts } from "../../machine/ports.ts";

describe("free ports", () => {
  it("are different ones for runs that ask at the same time", async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => freePorts(5)));
    expect(new Set(asked.flat()).size).toBe(100);
  });

  it("are ports that nobody listens on", async () => {
    const [port = 0] = await freePorts(1);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: port + 1 }, resolve));
    const taken = (server.address() as AddressInfo).port;
    expect(await freePorts(10)).not.toContain(taken);
    server.close();
  });
});
