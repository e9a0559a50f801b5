/**
 * What the embedded proxy costs: redis-benchmark against a Redis server, directly and through the proxy. Client, server
 * and proxy share the cores of the machine, so the share that is left depends on how many there are.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { freePorts } from "../machine/ports.ts";
import type { RedisBinary } from "../hosts/programs/redis-binary.ts";
import { startToxiproxyProcess } from "../network/toxiproxy-process.ts";
import { printTable } from "./table.ts";

const CLIENTS = 50;
/** By depth of the pipeline; each run takes about a second. */
const REQUESTS = { 1: 50_000, 16: 400_000 } as const;
/** How many times it is measured; the median counts. */
const ROUNDS = 3;

export interface ProxyBenchRow {
  readonly command: string;
  readonly pipeline: number;
  readonly direct: Figures;
  readonly proxied: Figures;
}

interface Figures {
  /** Requests a second. */
  readonly rate: number;
  /** The median latency of a request in milliseconds. */
  readonly p50: number;
}

/**
 * Measures, prints a table, and gives the figures.
 * @throws Error when redis-benchmark does not lie beside the server.
 */
export async function benchProxy(
  redis: Pick<RedisBinary, "server" | "libraryPath">,
): Promise<readonly ProxyBenchRow[]> {
  const benchmark = join(dirname(redis.server), "redis-benchmark");
  if (!existsSync(benchmark)) throw new Error(`there is no ${benchmark}; install redis-tools beside the server`);
  const env = { ...process.env, ...(redis.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: redis.libraryPath }) };
  const folder = mkdtempSync(join(tmpdir(), "redquake-bench-"));
  const [redisPort = 0, proxyPort = 0] = await freePorts(2);
  const settings = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const server = spawn(redis.server, ["--port", String(redisPort), ...settings], { env, stdio: "ignore" });
  const proxy = await startToxiproxyProcess({ seed: 1 });
  try {
    await takesConnections(redisPort);
    const response = await fetch(`${proxy.url}/proxies`, {
      method: "POST",
      body: JSON.stringify({ name: "redis", listen: `127.0.0.1:${proxyPort}`, upstream: `127.0.0.1:${redisPort}` }),
    });
    if (!response.ok) throw new Error(`the proxy was not made: ${await response.text()}`);
    await response.text();

    const rows: ProxyBenchRow[] = [];
    for (const command of ["ping_mbulk", "set"]) {
      for (const pipeline of [1, 16] as const) {
        const measure = (port: number) => median(benchmark, env, port, command, pipeline);
        rows.push({ command, pipeline, direct: await measure(redisPort), proxied: await measure(proxyPort) });
      }
    }
    printTable(
      `redis-benchmark, ${CLIENTS} clients, direct and through the embedded proxy`,
      ["command", "pipeline", "direct/s", "proxied/s", "share", "direct p50 ms", "proxied p50 ms"],
      rows.map(({ command, pipeline, direct, proxied }) => [
        command,
        pipeline,
        Math.round(direct.rate),
        Math.round(proxied.rate),
        `${Math.round((100 * proxied.rate) / direct.rate)} %`,
        direct.p50,
        proxied.p50,
      ]),
    );
    return rows;
  } finally {
    await proxy.stop();
    const exited = once(server, "exit");
    if (server.exitCode === null && server.kill("SIGKILL")) await exited;
    rmSync(folder, { recursive: true });
  }
}

async function median(
  benchmark: string,
  env: NodeJS.ProcessEnv,
  port: number,
  command: string,
  pipeline: 1 | 16,
): Promise<Figures> {
  const figures: Figures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const load = ["-t", command, "-c", String(CLIENTS), "-n", String(REQUESTS[pipeline]), "-P", String(pipeline)];
    const { stdout } = await promisify(execFile)(benchmark, ["-h", "127.0.0.1", "-p", String(port), ...load, "--csv"], {
      env,
    });
    // "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms", …
    const values = stdout.trim().split("\n").at(-1)?.replaceAll('"', "").split(",") ?? [];
    const [rate, p50] = [Number(values[1]), Number(values[4])];
    if (!Number.isFinite(rate) || !Number.isFinite(p50))
      throw new Error(`cannot read what redis-benchmark says: ${stdout}`);
    figures.push({ rate, p50 });
  }
  figures.sort((a, b) => a.rate - b.rate);
  return figures[Math.floor(ROUNDS / 2)] ?? { rate: 0, p50: 0 };
}

/** Resolves when a connection is taken; the server has five seconds. */
async function takesConnections(port: number): Promise<void> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`no Redis server on port ${port} after 5 s`, { cause: error });
    } finally {
      socket.destroy();
    }
  }
}
