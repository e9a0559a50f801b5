/** The circumstances of a run, for `run.json`. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, hostname, release } from "node:os";
import { join } from "node:path";
import type { Plan } from "../history/plan.ts";
import { ADAPTER_KINDS } from "../workloads/adapter-kinds.ts";
import type { RunFacts } from "../store/run-facts.ts";
import { packageRoot } from "../machine/package-root.ts";
import type { RunOptions } from "./run.ts";
import type { Stage } from "./stage.ts";

/** Until the servers and proxies are there. */
const UNKNOWN = "unknown";

/** What is known of a run at its start; `factsOf` has the rest. */
export function gatherFacts(plan: Plan, options: RunOptions, startedAt: Date): RunFacts {
  const gitRevision = revisionOfSources();
  return {
    version: 1,
    campaign: plan.campaign,
    seed: plan.seed,
    startedAt: startedAt.toISOString(),
    durationMs: 0,
    redquake: versionOf(join(packageRoot, "package.json")),
    node: process.version,
    platform: `${process.platform} ${release()} ${process.arch}`,
    cpus: availableParallelism(),
    machine: hostname(),
    host: typeof options.host === "string" ? (options.host === "docker" ? "docker" : "process") : options.host.kind,
    hostDescription: UNKNOWN,
    redisVersion: UNKNOWN,
    toxiproxy: UNKNOWN,
    profile: plan.profile,
    commandLine: options.commandLine,
    ...(gitRevision === undefined ? {} : { gitRevision }),
    clientLibraries: { ioredis: versionOf(createRequire(import.meta.url).resolve("ioredis/package.json")) },
    interrupted: true,
    ...adapterOf(plan),
  };
}

/** What the run is made on. */
export function factsOf({
  host,
  toxiproxy,
}: Stage): Pick<RunFacts, "host" | "hostDescription" | "redisVersion" | "toxiproxy"> {
  return {
    host: host.kind,
    hostDescription: host.description,
    redisVersion: host.redisVersion,
    toxiproxy: toxiproxy.description,
  };
}

function adapterOf({ workload, options }: Plan): Pick<RunFacts, "lock" | "adapter"> {
  const name = options[workload];
  if (typeof name !== "string" || !ADAPTER_KINDS.some(({ kind }) => kind === workload)) return {};
  return workload === "lock" ? { lock: name } : { adapter: name };
}

function versionOf(packageFile: string): string {
  return (JSON.parse(readFileSync(packageFile, "utf8")) as { version: string }).version;
}

let revision: { readonly known: string | undefined } | undefined;

/** That of the sources which this process has loaded, so it is looked up once. */
function revisionOfSources(): string | undefined {
  return (revision ??= { known: lookUpGitRevision() }).known;
}

/**
 * The revision of the checkout that redquake runs from, with a mark when files differ from it; undefined outside of
 * one.
 */
function lookUpGitRevision(): string | undefined {
  try {
    const git = (...args: string[]): string =>
      execFileSync("git", args, { cwd: packageRoot, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    if (git("rev-parse", "--show-toplevel") !== packageRoot) return undefined;
    return `${git("rev-parse", "HEAD")}${git("status", "--porcelain") === "" ? "" : " with changes"}`;
  } catch (error) {
    // No git on this machine, or no checkout.
    const { code, status } = error as { code?: string; status?: number };
    if (code === "ENOENT" || status === 128) return undefined;
    throw error;
  }
}
