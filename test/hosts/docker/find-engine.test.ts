/** Why there is no container engine to be used: said in words, with the remedy. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { engineUnreachable } from "../../../hosts/docker/engine-socket.ts";
import { packageRoot } from "../../../machine/package-root.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "test-engine-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** testcontainers keeps the engine that it has found, so each search is a process of its own. */
async function findEngineIn(environment: Readonly<Record<string, string>>): Promise<unknown> {
  const script = `
    import { findEngine } from ${JSON.stringify(join(packageRoot, "hosts/docker/find-engine.ts"))};
    const found = await findEngine();
    console.log(JSON.stringify("runtime" in found ? "found" : found));
    process.exit();`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    env: { PATH: process.env["PATH"], HOME: folder, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return JSON.parse(output);
}

/** An engine as far as the search for one asks it. */
async function oldEngine(apiVersion: string): Promise<{ url: string } & AsyncDisposable> {
  const answers: Readonly<Record<string, object>> = {
    "/info": { ServerVersion: "1.12.6", KernelVersion: release(), OperatingSystem: "Debian", Labels: [] },
    "/version": { Version: "1.12.6", ApiVersion: apiVersion },
  };
  const server = createHttpServer((request, response) => {
    const answer = answers[request.url ?? ""];
    response.statusCode = answer === undefined ? 404 : 200;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer ?? { message: "page not found" }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("a container engine", () => {
  it("that nobody runs is named by the place where it was looked for", async () => {
    const closed = createServer();
    await once(closed.listen(0, "127.0.0.1"), "listening");
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    // Whatever the usual sockets are good for: this one was asked for.
    expect(await findEngineIn({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })).toEqual({
      missing: `no container engine answers at DOCKER_HOST=tcp://127.0.0.1:${port} (ECONNREFUSED)`,
      remedy: "start Docker, or set DOCKER_HOST",
    });
    expect(await engineUnreachable({ DOCKER_HOST: `unix://${folder}/none.sock` })).toMatchObject({
      missing: `no container engine answers at DOCKER_HOST=unix://${folder}/none.sock (ENOENT)`,
    });
  });

  it("that is too old is named with its version and the oldest one that will do", async () => {
    await using engine = await oldEngine("1.24");
    expect(await findEngineIn({ DOCKER_HOST: engine.url })).toEqual({
      missing: "the container engine (1.12.6) speaks version 1.24 of Docker's API, and 1.25 or newer is needed",
      remedy: "install Docker 1.13 or newer",
    });
  });

  it("is found when its API is as old as it may be", async () => {
    await using engine = await oldEngine("1.25");
    expect(await findEngineIn({ DOCKER_HOST: engine.url })).toBe("found");
  });

  it("that is something else is not taken for one, nor is a usual one taken in its place", async () => {
    const server = createHttpServer((_request, response) => response.end("no engine"));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const dockerHost = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const found = await findEngineIn({ DOCKER_HOST: dockerHost });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(found).toMatchObject({ missing: `what answers at DOCKER_HOST=${dockerHost} is no container engine` });
  });

  // Root may use every socket, so it has to become somebody else first, which only root can.
  it.skipIf(process.getuid?.() !== 0)("whose socket is not for us is a matter of rights", async () => {
    const path = join(folder, "docker.sock");
    const server = createServer();
    await once(server.listen(path), "listening");
    chmodSync(path, 0o660);
    chmodSync(folder, 0o755);
    const script = `
      import { engineUnreachable } from ${JSON.stringify(join(packageRoot, "hosts/docker/engine-socket.ts"))};
      process.setgroups([]);
      process.setgid(65534);
      process.setuid(65534);
      console.log(JSON.stringify(await engineUnreachable({ DOCKER_HOST: ${JSON.stringify(`unix://${path}`)} })));`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said = JSON.parse(await text(child.stdout)) as unknown;
    await new Promise((resolve) => server.close(resolve));
    expect(said).toEqual({
      missing: `you may not use the container engine at DOCKER_HOST=unix://${path} (EACCES)`,
      remedy: expect.stringMatching(/usermod -aG docker/),
    });
  });
});
