/** A container for one node, by testcontainers: with an address that is ours to choose, and cleaned up by ourselves. */
import { GenericContainer, PullPolicy } from "testcontainers";
import { ReadyStrategy } from "./ready-strategy.ts";

export interface NodeContainerOptions {
  readonly image: string;
  readonly name: string;
  readonly hostname: string;
  readonly network: string;
  readonly address: string;
  /** Mounted at the same path, so that every path means the same inside and outside. */
  readonly folder: string;
  readonly workingFolder: string;
  /** What to run; its output goes to `logFile`. */
  readonly command: readonly string[];
  readonly logFile: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Loaded into the command and into nothing else; empty for none. */
  readonly preload: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether testcontainers' own reaper looks after it too. */
  readonly reaper: boolean;
  /** Resolves when the node can be used. */
  readonly ready: (containerId: string) => Promise<void>;
}

/** The shell is replaced by the server, which thus is the process that the engine watches and that signals go to. */
const RUN = 'export LD_PRELOAD="$REDQUAKE_PRELOAD"; exec "$@" >>"$REDQUAKE_LOG" 2>&1';

export class NodeContainer extends GenericContainer {
  constructor(options: NodeContainerOptions) {
    super(options.image);
    this.withName(options.name)
      .withHostname(options.hostname)
      .withLabels({ ...options.labels })
      // What belongs to the run is removed by the run, or by the next one (`runner/equipment/clean.ts`), with the
      // reaper or without.
      .withAutoCleanup(options.reaper)
      .withPullPolicy(PullPolicy.neverPull())
      .withNetworkMode(options.network)
      .withBindMounts([{ source: options.folder, target: options.folder }])
      .withWorkingDir(options.workingFolder)
      .withEntrypoint(["/bin/sh"])
      .withCommand(["-c", RUN, "sh", ...options.command])
      .withEnvironment({ ...options.environment, REDQUAKE_LOG: options.logFile, REDQUAKE_PRELOAD: options.preload })
      .withUser(currentUser())
      .withWaitStrategy(new ReadyStrategy(options.ready));
    this.createOpts.NetworkingConfig = {
      EndpointsConfig: { [options.network]: { IPAMConfig: { IPv4Address: options.address } } },
    };
  }
}

/** So that the node's files are ours, and its process takes our signals. */
function currentUser(): string {
  return `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
}
