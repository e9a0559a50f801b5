import { fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { compiledFile } from "../machine/compiled.ts";
import type { ToxiproxyAnswer, ToxiproxyQuestion, ToxiproxyReady } from "./toxiproxy/main.ts";
import type { FromClients, ToxiproxyServer, ToxiproxySource } from "./toxiproxy-server.ts";
import { TOXIPROXY_VERSION } from "./toxiproxy/version.ts";

export interface ToxiproxyProcessOptions {
  /** For toxicity, jitter and slices; any whole number. */
  readonly seed: number;
  /** The file that gets the server's output, at its end; absent means nowhere. */
  readonly logFile?: string;
  /** Added to the environment of this process, such as the run's id. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ToxiproxyProcess extends ToxiproxyServer {
  readonly pid: number;
  fromClients(): Promise<FromClients>;
}

/** A server for each run, which nobody else uses. */
export const embeddedToxiproxy: ToxiproxySource = {
  open: ({ seed, logFile, environment }) => startToxiproxyProcess({ seed, logFile, env: environment }),
};

/**
 * Starts the embedded Toxiproxy-compatible server as a process of its own, so that the work of this one does not delay
 * what passes through it. It ends with this process, however that ends, and a Ctrl-C in the terminal does not reach it:
 * faults must still be healed then.
 * @throws Error when it ends before its API answers.
 */
export async function startToxiproxyProcess({
  seed,
  logFile,
  env,
}: ToxiproxyProcessOptions): Promise<ToxiproxyProcess> {
  const output = logFile === undefined ? ("ignore" as const) : openSync(logFile, "a");
  const child = fork(compiledFile("network/toxiproxy/main.js"), ["--port=0", `--seed=${seed}`], {
    detached: true,
    execArgv: [],
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output, "ipc"],
  });
  if (typeof output === "number") closeSync(output);

  const listeners: ((reason: string) => void)[] = [];
  let stopping = false;
  let exitReason: string | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      exitReason = `the Toxiproxy process (pid ${child.pid}) ended ${signal === null ? `with code ${code}` : `by ${signal}`}`;
      if (!stopping) for (const listener of listeners) listener(exitReason);
      resolve();
    });
  });

  const ready = new AbortController();
  const first = await Promise.race([
    once(child, "message", { signal: ready.signal }) as Promise<[ToxiproxyReady]>,
    exited.then(() => undefined),
  ]);
  if (first === undefined || child.pid === undefined) {
    ready.abort();
    throw new Error(`${exitReason ?? "the Toxiproxy process did not start"} before its API answered${seeLog(logFile)}`);
  }
  return {
    url: first[0].url,
    pid: child.pid,
    version: TOXIPROXY_VERSION,
    description: `${TOXIPROXY_VERSION} (embedded)`,
    proxyPrefix: "",
    removesToxics: true,
    announce: () => undefined,
    fromClients: async () => {
      const answer = once(child, "message") as Promise<[ToxiproxyAnswer]>;
      // That it cannot be asked any more shows by its end.
      child.send({ ask: "from-clients" } satisfies ToxiproxyQuestion, () => undefined);
      const told = await Promise.race([answer, exited.then(() => undefined)]);
      if (told === undefined) throw new Error(exitReason);
      return new Map(Object.entries(told[0].fromClients).map(([proxy, counts]) => [proxy, new Map(counts)]));
    },
    stop: async () => {
      stopping = true;
      // It holds nothing that must be saved, and a stopped (SIGSTOP) process hears no other signal.
      child.kill("SIGKILL");
      await exited;
    },
    onExit: (callback) => {
      listeners.push(callback);
      if (exitReason !== undefined && !stopping) callback(exitReason);
    },
  };
}

function seeLog(logFile: string | undefined): string {
  return logFile === undefined ? "" : `; see ${logFile}`;
}
