/**
 * The files of one server, wherever it runs: its configuration, data and log, in a folder of its own on this machine.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../network/link.ts";
import type { NodeSpec } from "./host.ts";
import { fillPlaces, placeOf } from "./place.ts";
import type { Place, Places } from "./place.ts";
import { SERVER_KINDS } from "./server-kinds/registry.ts";
import type { ServerKind } from "./server-kinds/server-kind.ts";

export interface NodeFilesOptions {
  readonly folder: string;
  /** Addresses of all nodes that were placed together, for the placeholders of the configuration. */
  readonly places: Places;
  /** Lines that the host adds before those of the specification; placeholders are filled in both. */
  readonly config: readonly string[];
}

export class NodeFiles {
  readonly folder: string;
  readonly address: Endpoint;
  readonly busAddress: Endpoint | undefined;
  readonly #spec: NodeSpec;
  readonly #kind: ServerKind;
  readonly #options: NodeFilesOptions;

  constructor(spec: NodeSpec, options: NodeFilesOptions) {
    this.folder = options.folder;
    this.#spec = spec;
    this.#options = options;
    this.#kind = SERVER_KINDS[spec.kind];
    const { host, port, ports }: Place = placeOf(options.places, spec.name);
    this.address = { host, port };
    this.busAddress = ports["bus"] === undefined ? undefined : { host, port: ports["bus"] };
    mkdirSync(this.folder, { recursive: true });
  }

  get configFile(): string {
    return join(this.folder, this.#kind.configName);
  }

  get dataFolder(): string {
    return join(this.folder, "data");
  }

  get logFile(): string {
    return join(this.folder, "log");
  }

  /** The control file of the fault shim. */
  get controlFile(): string {
    return join(this.folder, "shim");
  }

  /** What the server's program is started with. */
  get serverArgs(): readonly string[] {
    return this.#kind.args(this.configFile);
  }

  /** Makes everything ready for a start; without `keepData` the server finds what it found at its first one. */
  prepare({ keepData }: { readonly keepData: boolean }): void {
    if (!keepData) rmSync(this.dataFolder, { recursive: true, force: true });
    mkdirSync(this.dataFolder, { recursive: true });
    for (const [file, content] of Object.entries(this.#kind.firstFiles?.(this.#spec.name) ?? {})) {
      writeFileSync(join(this.dataFolder, file), content);
    }
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
      [this.configFile, this.#kind.configName],
    ] as const) {
      if (existsSync(file)) cpSync(file, join(folder, `${this.#spec.name}.${extension}`));
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #configuration(): string {
    const own = this.#kind.configuration(this.dataFolder, this.#spec.name);
    const lines = [...own, ...this.#options.config, ...this.#spec.config];
    return `${lines.map((line) => fillPlaces(line, this.#spec.name, this.#options.places)).join("\n")}\n`;
  }
}
