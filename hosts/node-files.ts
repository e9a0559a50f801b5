/** The files of one server, wherever it runs: its configuration, data and log, in a folder of its own on this machine. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../network/link.ts";
import { HostError } from "./host-error.ts";
import type { NodeSpec } from "./host.ts";

export interface NodeFilesOptions {
  readonly folder: string;
  /** Addresses of all nodes that were placed together, for the placeholders of the configuration. */
  readonly addresses: ReadonlyMap<string, Endpoint>;
  readonly busPort: number | undefined;
  /** Lines that the host adds before those of the specification; placeholders are filled in both. */
  readonly config: readonly string[];
}

export class NodeFiles {
  readonly folder: string;
  readonly address: Endpoint;
  readonly busAddress: Endpoint | undefined;
  readonly #spec: NodeSpec;
  readonly #options: NodeFilesOptions;

  constructor(spec: NodeSpec, options: NodeFilesOptions) {
    this.folder = options.folder;
    this.#spec = spec;
    this.#options = options;
    this.address = this.#addressOf(spec.name);
    this.busAddress = options.busPort === undefined ? undefined : { host: this.address.host, port: options.busPort };
    mkdirSync(this.folder, { recursive: true });
  }

  get configFile(): string {
    return join(this.folder, `${this.#spec.kind}.conf`);
  }

  get dataFolder(): string {
    return join(this.folder, "data");
  }

  get logFile(): string {
    return join(this.folder, "log");
  }

  /** Of the fault shim. */
  get controlFile(): string {
    return join(this.folder, "shim");
  }

  /** What the server is started with: its configuration, and what makes it a sentinel. */
  get serverArgs(): string[] {
    return [this.configFile, ...(this.#spec.kind === "sentinel" ? ["--sentinel"] : [])];
  }

  /** Makes everything ready for a start; without `keepData` the server finds what it found at its first one. */
  prepare({ keepData }: { readonly keepData: boolean }): void {
    if (!keepData) rmSync(this.dataFolder, { recursive: true, force: true });
    mkdirSync(this.dataFolder, { recursive: true });
    // Sentinel and Cluster write what they learnt into these files; a node that lost its data has lost that too.
    if (!keepData || !existsSync(this.configFile)) writeFileSync(this.configFile, this.#configuration());
  }

  logTail(lines: number): string {
    if (!existsSync(this.logFile)) return "(no log)";
    return readFileSync(this.logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  }

  /** Copies what is worth keeping into a folder that exists. */
  copyEvidence(folder: string): void {
    for (const [file, extension] of [
      [this.logFile, "log"],
      [this.configFile, `${this.#spec.kind}.conf`],
    ] as const) {
      if (existsSync(file)) cpSync(file, join(folder, `${this.#spec.name}.${extension}`));
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #configuration(): string {
    const lines = [
      `port ${this.address.port}`,
      `bind ${this.address.host}`,
      `dir ${JSON.stringify(this.dataFolder)}`,
      `daemonize no`,
      `logfile ""`,
      // The title would overwrite the environment that marks the process as ours.
      `set-proc-title no`,
      ...[...this.#options.config, ...this.#spec.config].map((line) => this.#fill(line)),
    ];
    return `${lines.join("\n")}\n`;
  }

  #fill(line: string): string {
    return line.replaceAll(
      /\{(host|port|bus-port)(?::([^}]+))?\}/g,
      (_match, part: string, name: string | undefined) => {
        const address = name === undefined ? this.address : this.#addressOf(name);
        if (part === "host") return address.host;
        return String(part === "port" ? address.port : this.busAddress?.port);
      },
    );
  }

  #addressOf(name: string): Endpoint {
    const address = this.#options.addresses.get(name);
    if (address === undefined) throw new HostError(`no node named ${JSON.stringify(name)} was placed`);
    return address;
  }
}
