/** The embedded server as a process of its own. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startToxiproxyProcess } from "../../network/toxiproxy-process.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "redquake-toxiproxy-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const PROCESS_MODULE = new URL("../../network/toxiproxy-process.ts", import.meta.url);

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/version`)).ok;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

describe("startToxiproxyProcess", () => {
  it("answers on loopback, logs changes, and is gone after stop", async () => {
    const logFile = join(folder, "toxiproxy.log");
    const server = await startToxiproxyProcess({ seed: 7, logFile, env: { REDQUAKE_TEST: "yes" } });
    let unexpected: string | undefined;
    server.onExit((reason) => {
      unexpected = reason;
    });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`${server.url}/version`)).json()).toEqual({ version: server.version });
    expect(readFileSync(`/proc/${server.pid}/environ`, "utf8")).toContain("REDQUAKE_TEST=yes");
    await fetch(`${server.url}/proxies`, {
      method: "POST",
      body: '{"name":"a","upstream":"127.0.0.1:1","listen":":0"}',
    });
    await server.stop();
    expect(await isUp(server.url)).toBe(false);
    expect(() => process.kill(server.pid, 0)).toThrow("ESRCH");
    expect(readFileSync(logFile, "utf8")).toContain("POST /proxies 201");
    expect(unexpected).toBeUndefined();
  });

  it("tells of an end that nobody asked for", async () => {
    const server = await startToxiproxyProcess({ seed: 7 });
    const told = new Promise<string>((resolve) => server.onExit(resolve));
    process.kill(server.pid, "SIGKILL");
    expect(await told).toContain("SIGKILL");
    // Also to one who asks later.
    expect(await new Promise<string>((resolve) => server.onExit(resolve))).toContain(String(server.pid));
    await server.stop();
  });

  it("says why it did not start", async () => {
    const logFile = join(folder, "toxiproxy.log");
    await expect(startToxiproxyProcess({ seed: 0.5, logFile })).rejects.toThrow(
      `code 1 before its API answered; see ${logFile}`,
    );
    expect(readFileSync(logFile, "utf8")).toContain("--seed must be a whole number");
  });

  it("does not outlive its parent, nor hear the signals of the parent's terminal", async () => {
    const parentFile = join(folder, "parent.ts");
    writeFileSync(
      parentFile,
      `import { startToxiproxyProcess } from ${JSON.stringify(PROCESS_MODULE.href)};
       const server = await startToxiproxyProcess({ seed: 1 });
       process.send({ url: server.url, pid: server.pid });
       setInterval(() => {}, 60_000);`,
    );
    const parent = fork(parentFile, [], { execArgv: [] });
    const [{ url, pid }] = (await once(parent, "message")) as [{ url: string; pid: number }];
    const group = (of: number): string => readFileSync(`/proc/${of}/stat`, "utf8").split(") ")[1]?.split(" ")[2] ?? "";
    expect(group(pid)).toBe(String(pid));
    expect(group(parent.pid ?? 0)).not.toBe(String(pid));
    const { hostname: host, port } = new URL(url);
    // An open connection tells of the end of the server by its own end, or by a reset when it was not accepted yet.
    const connection = connect({ host, port: Number(port) });
    await once(connection, "connect");
    const ended = new Promise((resolve) => connection.on("error", resolve).on("end", resolve).resume());
    parent.kill("SIGKILL");
    await ended;
    expect(await isUp(url)).toBe(false);
  });
});
