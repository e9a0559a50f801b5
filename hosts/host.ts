/**
 * Where nodes run. A host starts servers, gives them addresses, and can do to them what the nemesis needs; it
 * knows nothing of Redis topologies.
 */
import type { Endpoint } from "../network/link.ts";
import type { Protocol } from "../network/protocol.ts";
import type { Missing, NodePackets } from "./packets.ts";

/** What runs in a node: what is tested, or, to compare, what people use in its place. */
export type NodeKind = "redis" | "sentinel" | Comparator;

export type Comparator = "etcd" | "zookeeper";

export interface NodeSpec {
  /** `n1`, `s1`, `resource` … unique in a run. */
  readonly name: string;
  readonly kind: NodeKind;
  /**
   * Lines of the configuration file. The host adds the port, the bind address, the directory and the log file; the
   * placeholders `{host}`, `{port}` and `{bus-port}` stand for the node's own address, `{host:NAME}`, `{port:NAME}` and
   * `{bus-port:NAME}` for another node's.
   */
  readonly config: readonly string[];
  /** True when the node takes part in a cluster and so needs a bus port. */
  readonly bus: boolean;
  /** Names of further ports that it needs, such as `election`: the placeholder is `{election-port}`. */
  readonly extraPorts?: readonly string[];
  /** False for helper nodes that no fault may touch: no shim, no links. */
  readonly faulty: boolean;
}

export interface Node {
  readonly spec: NodeSpec;
  readonly name: string;
  /** The address that the node announces; valid for every client and node of the run. */
  readonly address: Endpoint;
  readonly busAddress: Endpoint | undefined;
  /** Process id on this machine, or undefined while the server is down. */
  pid(): number | undefined;
  /** `running`, `stopped` (SIGSTOP) or `dead`, from the operating system's process table. */
  state(): Promise<"running" | "stopped" | "dead">;
  /** @throws HostError when it is not running. */
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /**
   * A loss of power: SIGKILL, and then the data directory is what was forced to disk. Every file is cut back to the
   * length that it had at its last fsync; one that was never synced is empty, or gone when nothing at all was synced
   * after it was made. What it overwrites in place stays.
   * @returns what was lost; nothing when all was synced.
   * @throws HostError where the fault shim is not loaded: what was synced is then not known.
   */
  losePower(): Promise<readonly Cut[]>;
  readonly disk: NodeDisk;
  /** How it is spoken to. */
  readonly protocol: Protocol;
  /**
   * Asks it, past all proxies, what any client may ask. Resolves to what it says: `PONG`, `HTTP/1.1 200 OK`, `imok`.
   * @throws when it does not answer.
   */
  greet(): Promise<string>;
  /**
   * Starts the server, for the first time or again after `kill`, on the node's address; resolves when it answers.
   * `keepData` false empties its directory first.
   * @throws HostError with the tail of the server's log when it ends or does not answer in time.
   */
  start(options: { readonly keepData: boolean }): Promise<void>;
  /**
   * Sends one command over a direct connection, past all proxies; for probes and administration.
   * @throws ReplyError when it answers with an error, NoAnswerError when it does not answer, HostError where the node
   *   is no Redis server.
   */
  command(...args: readonly (string | number)[]): Promise<unknown>;
  /** The last lines of the server's log. */
  logTail(lines: number): string;
  /** Present where the fault shim is loaded: not into every kind of server. */
  readonly shim: NodeShim | undefined;
  /** Present where the node has a network of its own, and this machine lets us in. */
  readonly packets: NodePackets | Missing;
}

/** A server's data directory. The names of files are relative to it. */
export interface NodeDisk {
  files(): Promise<readonly DataFile[]>;
  /** Cuts a file to its first `length` bytes. @throws HostError while the server runs: it would not know. */
  cut(file: string, length: number): Promise<Cut>;
}

export interface DataFile {
  readonly file: string;
  readonly length: number;
}

/** The end of a file was taken away. */
export interface Cut {
  readonly file: string;
  /** Its length before, in bytes. */
  readonly from: number;
  /** Its length now, in bytes, or `gone` when the file itself is. */
  readonly to: number | "gone";
}

/** The live controls of the fault shim inside one process. */
export interface NodeShim {
  /**
   * Moves CLOCK_REALTIME, as that process sees it: `offsetMs` ahead, running at (1 + `ratePpm` / 10⁶) times the real
   * pace from now on.
   */
  setClock(clock: { readonly offsetMs: number; readonly ratePpm: number }): void;
  /** Replaces the table of redirected destinations: outgoing connections to `from` go to `to` instead. */
  setConnections(table: readonly { readonly from: Endpoint; readonly to: Endpoint }[]): void;
  /** Lets every attempt to write to a file, or to force one to disk, fail so from now on, or no longer. */
  setDiskError(error: DiskError): void;
  /** How many attempts have failed so. */
  refusedByDisk(): number;
}

/**
 * `ENOSPC`: no room is left. `EROFS`: the file system is read-only; files then cannot be opened for writing, made,
 * renamed or removed either.
 */
export type DiskError = "none" | "ENOSPC" | "EROFS";

export interface Host {
  readonly kind: "process" | "docker";
  /** One line for people: what runs the nodes, and its exact version. */
  readonly description: string;
  /** Why the fault shim cannot be used, or undefined where it can. */
  readonly shimMissing: string | undefined;
  /** The server's version, such as `7.0.15`. */
  readonly redisVersion: string;
  /**
   * The address under which nodes find what listens on this machine: the proxies of their own connections listen there.
   */
  readonly proxyHost: string;
  /** Gives every node an address and a shim, without starting it: links must exist before a node connects anywhere. */
  allocate(specs: readonly NodeSpec[]): Promise<readonly Node[]>;
  /** Ends every node and removes everything that belonged to them; copies logs and configurations to `logs` first. */
  stop(logs: string | undefined): Promise<void>;
}
