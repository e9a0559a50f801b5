/**
 * What the faults of packets need of this machine: tools, rights, and a kernel that can do it. Each is tried for real, in a network namespace of
 * its own that ends with the trial (unshare(1)), so that nothing of the machine is touched.
 */
import { execFile } from "node:child_process";

export interface PacketTools {
  /** Whether a program can be run in a container's network namespace. */
  readonly nsenter: boolean;
  /** Whether the kernel takes a rule that drops packets by their source. */
  readonly iptables: boolean;
  /** Whether queueing disciplines can be changed. */
  readonly tc: boolean;
  /** Whether the kernel has the discipline that delays, reorders and duplicates packets. */
  readonly netem: boolean;
  /** One sentence with the remedy for each of them that is not there. */
  readonly missing: readonly string[];
}

/** An address that nobody has (RFC 5737). */
const NOBODY = "192.0.2.1";
const TIMEOUT_MS = 10_000;

export async function findPacketTools(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<PacketTools> {
  const run = (...command: readonly string[]): Promise<string | undefined> => problemOf(command, environment);
  const isolated = (...command: readonly string[]): Promise<string | undefined> => run("unshare", "--net", ...command);
  const [nsenter, iptables, tc, netem] = await Promise.all([
    run("nsenter", `--net=/proc/${process.pid}/ns/net`, "true"),
    isolated("iptables", "-A", "INPUT", "-s", NOBODY, "-j", "DROP"),
    isolated("tc", "qdisc", "add", "dev", "lo", "root", "pfifo"),
    isolated("tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"),
  ]);
  const missing: string[] = [];
  const tell = (what: string, problem: string | undefined, install: string): void => {
    if (problem !== undefined) missing.push(`${what} cannot be used (${problem}): ${remedyFor(problem, install)}`);
  };
  tell("nsenter", nsenter, "install util-linux");
  tell("iptables", iptables, "install iptables");
  tell("tc", tc, "install iproute2");
  if (tc === undefined) {
    tell("netem", netem, "use a kernel with the module sch_netem (`modprobe sch_netem` loads it where there is one)");
  }
  const works = (problem: string | undefined): boolean => problem === undefined;
  return { nsenter: works(nsenter), iptables: works(iptables), tc: works(tc), netem: works(netem), missing };
}

function remedyFor(problem: string, install: string): string {
  if (/not permitted|permission denied/i.test(problem)) return "run redquake as root";
  return problem.includes("no unshare") ? "install util-linux" : install;
}

/** Why a command does not work, on one line; undefined when it does. */
function problemOf(
  [command = "", ...args]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const options = { env: { ...environment, LC_ALL: "C" }, timeout: TIMEOUT_MS };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, _stdout, stderr) => {
      if (error === null) return resolve(undefined);
      const line = stderr.trim().split("\n")[0] ?? "";
      resolve(error.code === "ENOENT" ? `there is no ${command}` : line === "" ? error.message : line);
    });
  });
}
