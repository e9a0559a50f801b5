/** What a host must know of a kind of server to run it; its program is the host's. */
import type { Protocol } from "../../network/protocol.ts";

export interface ServerKind {
  readonly protocol: Protocol;
  /** The name of its configuration file, and what the copy among the logs of a run ends with. */
  readonly configName: string;
  /**
   * The lines of its configuration that come before those of the host and of the specification, with their
   * placeholders.
   * @param dataFolder the absolute path of its data directory
   */
  configuration(dataFolder: string, name: string): readonly string[];
  /** What its program is started with. */
  args(configFile: string): readonly string[];
  /** Files that must be in the data directory at its first start, by their names in it. */
  firstFiles?(name: string): Readonly<Record<string, string>>;
  /** Why the fault shim is not loaded into it, where it would do nothing there. */
  readonly shimUseless?: string;
}
