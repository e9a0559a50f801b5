/** Real processes under the fault shim, for the tests of the shim. */
import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cacheFolder } from "../../../machine/cache-folder.ts";
import type { Node, NodeSpec } from "../../../hosts/host.ts";
import { ProcessHost } from "../../../hosts/process/process-host.ts";
import { findRedisServer } from "../../../hosts/programs/redis-binary.ts";
import { buildShim } from "../../../hosts/shim/shim-build.ts";
import { ShimControl } from "../../../hosts/shim/shim-control.ts";

const PROBE_SOURCE = fileURLToPath(new URL("probe.c", import.meta.url));

/** The compiled shim; a machine that runs these tests must be able to build it. */
export async function shimLibrary(): Promise<string> {
  const built = await buildShim(cacheFolder());
  if ("missing" in built) throw new Error(built.missing);
  return built.library;
}

/** A temporary folder that is removed at the end of the block. */
export class Scratch implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "redquake-test-"));

  file(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

const REPL = `
const { createInterface } = require("node:readline");
createInterface({ input: process.stdin }).on("line", async (line) => {
  let answer;
  try { answer = { value: await eval(line) }; } catch (error) { answer = { error: String(error) }; }
  process.stdout.write(JSON.stringify(answer, (_, v) => typeof v === "bigint" ? String(v) : v) + "\\n");
});`;

/** A Node.js process that evaluates what it is sent, one line at a time. */
export class NodeChild implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  constructor(environment: Readonly<Record<string, string>>) {
    const env = { PATH: process.env["PATH"], ...environment };
    this.#process = spawn(process.execPath, ["-e", REPL], { env, stdio: ["pipe", "pipe", "inherit"] });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async evaluate(code: string): Promise<unknown> {
    this.#process.stdin.write(`${code.replaceAll("\n", " ")}\n`);
    const line = await this.#answers.next();
    if (line.done === true) throw new Error("the child process ended");
    const answer = JSON.parse(line.value) as { value?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exited;
  }
}

/** Real Redis servers under the shim, with the control file of each. */
export class RedisServers implements AsyncDisposable {
  readonly #host: ProcessHost;
  readonly #scratch: Scratch;
  readonly nodes: readonly Node[];

  private constructor(host: ProcessHost, scratch: Scratch, nodes: readonly Node[]) {
    this.#host = host;
    this.#scratch = scratch;
    this.nodes = nodes;
  }

  /** Starts one server for every configuration, named n1, n2 … */
  static async start(...configs: readonly (readonly string[])[]): Promise<RedisServers> {
    const redis = await findRedisServer({ cacheFolder: cacheFolder(), say: () => undefined });
    const scratch = new Scratch();
    const host = new ProcessHost({
      folder: scratch.path,
      server: redis.server,
      version: redis.version,
      origin: redis.origin,
      shim: { library: await shimLibrary() },
      environment: redis.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: redis.libraryPath },
    });
    const specs = configs.map((config, i): NodeSpec => ({
      name: `n${i + 1}`,
      kind: "redis",
      config,
      bus: false,
      faulty: true,
    }));
    const servers = new RedisServers(host, scratch, await host.allocate(specs));
    try {
      await Promise.all(servers.nodes.map((node) => node.start({ keepData: false })));
    } catch (error) {
      await servers[Symbol.asyncDispose]();
      throw error;
    }
    return servers;
  }

  node(name: string): Node {
    const node = this.nodes.find((candidate) => candidate.name === name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  /** The node's control file, opened a second time: the host keeps its own. */
  control(name: string): ShimControl {
    return ShimControl.open(this.#scratch.file(`${name}/shim`));
  }

  data(name: string): string {
    return this.#scratch.file(`${name}/data`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host.stop(undefined);
    this.#scratch[Symbol.dispose]();
  }
}

/** Compiles the C program that includes the shim's source, to look at it from inside. */
export async function compileProbe(scratch: Scratch): Promise<string> {
  const program = scratch.file("probe");
  await promisify(execFile)("cc", ["-O2", "-pthread", "-Wno-unused-function", "-o", program, PROBE_SOURCE]);
  return program;
}
