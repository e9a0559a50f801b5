/** What `run.json` holds: the circumstances of a run, for its report and for repeating it. */
import type { ClientProfile } from "../history/plan.ts";

export interface RunFacts {
  readonly version: 1;
  readonly campaign: string;
  readonly seed: number;
  /** Wall-clock time of the start, ISO 8601 in UTC. For people; no interval is ever computed from it. */
  readonly startedAt: string;
  /** From the start to the end of the clean-up, on the monotonic clock. */
  readonly durationMs: number;
  /** Version of redquake. */
  readonly redquake: string;
  /** Version of Node.js, such as `v24.21.0`. */
  readonly node: string;
  /** Operating system and architecture, such as `linux x64 6.1`. */
  readonly platform: string;
  readonly cpus: number;
  /** Name of the machine; absent in runs of before it was recorded. */
  readonly machine?: string;
  readonly host: "process" | "docker";
  /** What ran the nodes, and its exact version. */
  readonly hostDescription: string;
  readonly redisVersion: string;
  /** Which Toxiproxy carried the links: the embedded server, an image, or an address. */
  readonly toxiproxy: string;
  readonly profile: ClientProfile;
  /** The command that repeats the run. */
  readonly commandLine: string;
  readonly gitRevision?: string;
  /** Exact versions of the client libraries that the workers used, by name. */
  readonly clientLibraries: { readonly [name: string]: string };
  /**
   * True until the run has ended, with all that it was to store: when it was stopped before, or has failed, this is
   * what stays.
   */
  readonly interrupted?: boolean;
  /** How the harness failed, where it did: no verdict can come of the run then. */
  readonly failure?: string;
  /** The lock under test, with its version, where the campaign is one of locks. */
  readonly lock?: string;
  /** The adapter of another kind that is under test, with its version. */
  readonly adapter?: string;
  /** Anything else that a reader must know. */
  readonly note?: string;
}

/** What of a user's, or of npm's, is under test, where a campaign is about such a thing. */
export function testedIn({ lock, adapter }: Pick<RunFacts, "lock" | "adapter">): string | undefined {
  return adapter ?? lock;
}
