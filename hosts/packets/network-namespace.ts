/**
 * The network namespace of a container: commands of this machine are run in it by `nsenter` (util-linux), so that
 * nothing is needed in the container's image. Whether that can be done here is found out by doing it, in a namespace
 * that exists for that moment only.
 */
import { execFile } from "node:child_process";
import { readlinkSync } from "node:fs";
import { HostError } from "../../machine/host-error.ts";

const TIMEOUT_MS = 60_000;

/** What these commands say when they cannot work, and what to do about it. */
const REMEDIES: readonly (readonly [says: RegExp, remedy: string])[] = [
  [/spawn (?:nsenter|unshare) ENOENT/, "install util-linux"],
  [/failed to execute iptables/, "install iptables"],
  [/failed to execute tc\b/, "install iproute2"],
  [/not permitted|permission denied/i, "run as root, or with CAP_SYS_ADMIN and CAP_NET_ADMIN"],
  [/qdisc kind is unknown/i, "use a kernel with netem (CONFIG_NET_SCH_NETEM, module sch_netem)"],
  [/statistic/, "use a kernel with the match statistic (CONFIG_NETFILTER_XT_MATCH_STATISTIC)"],
];

export class NetworkNamespace {
  readonly #pid: number;
  /** Such as `net:[4026532281]`. */
  readonly #id: string;

  /**
   * @param pid a process in it.
   * @throws HostError when it is the namespace of this process: what is done to it would be done to the whole machine.
   */
  constructor(pid: number) {
    const id = namespaceOf(pid);
    if (id === undefined) throw new HostError(`process ${pid} has ended, and has no network any more`);
    if (id === namespaceOf("self")) {
      throw new HostError(
        `process ${pid} shares the network of this machine, which is left alone: run nodes on a network of their own`,
      );
    }
    this.#pid = pid;
    this.#id = id;
  }

  /** Whether its process still runs; a process that got the same number later is none of it. */
  exists(): boolean {
    return namespaceOf(this.#pid) === this.#id;
  }

  /** Runs a command in it and returns what it printed. @throws HostError with what the command said, and what to do. */
  run(command: string, args: readonly string[], input = ""): Promise<string> {
    if (!this.exists()) throw new HostError(`process ${this.#pid} has ended, and its network with it`);
    return execute("nsenter", [`--target=${this.#pid}`, "--net", command, ...args], input);
  }
}

/**
 * Tries a command in a new network namespace. Returns why it cannot work, with the remedy, or undefined where it does.
 */
export async function whyNot(command: string, args: readonly string[], input = ""): Promise<string | undefined> {
  try {
    await execute("unshare", ["--net", command, ...args], input);
    return undefined;
  } catch (error) {
    if (error instanceof HostError) return error.message;
    throw error;
  }
}

function execute(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { LC_ALL: "C", PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
    const child = execFile(command, args, { env, timeout: TIMEOUT_MS }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const said = stderr.trim() === "" ? error.message : stderr.trim();
      const remedy = REMEDIES.find(([says]) => says.test(said))?.[1];
      const called = [command, ...args].join(" ");
      reject(
        new HostError(`\`${called}\` failed: ${said}${remedy === undefined ? "" : `; ${remedy}`}`, { cause: error }),
      );
    });
    // A program that does not read its input to the end says why by its exit code.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

function namespaceOf(pid: number | "self"): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    if (code === "EACCES" || code === "EPERM") {
      throw new HostError(`cannot see the network of process ${pid}: run as root`, { cause: error });
    }
    throw error;
  }
}
