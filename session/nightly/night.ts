/** What a night consists of, as data: the shards, where each one's results lie, and the commands that make them. */
import { join } from "node:path";
import { KNOWN_VERSIONS } from "../../hosts/docker/server-image.ts";
import { UsageError } from "../../machine/usage-error.ts";

/** A night is repeated, so its servers run where the user says. */
export type NightHost = "docker" | "process";

export interface NightOptions {
  readonly host: NightHost;
  readonly suite: string;
  /** Names or parts of names of campaigns; none for all of the suite. */
  readonly patterns: readonly string[];
  readonly seed: string;
  /** How long each load lasts, such as `20s`; undefined for what each campaign says. */
  readonly duration?: string | undefined;
  /** File of failing seeds. */
  readonly failing: string;
}

export interface ShardOfNight {
  /** What `--redis` is given; undefined for the default of the host. */
  readonly redis: string | undefined;
  /** `1/2`. */
  readonly shard: string;
}

/**
 * The servers that a night tests: those that were named, else all that are known where the host can have several.
 * @throws UsageError when several were named and the host has one.
 */
export function versionsOfNight(host: NightHost, named: readonly string[] | undefined): readonly string[] {
  if (named !== undefined && host === "process" && named.length > 1)
    throw new UsageError(`--redis ${named.join(" ")} are several, and a plain process is one: use --host docker`);
  return named ?? (host === "docker" ? Object.keys(KNOWN_VERSIONS) : []);
}

/** @param versions what `--redis` is given, one after the other; none for the default of the host */
export function shardsOfNight(versions: readonly string[], shards: number): ShardOfNight[] {
  const servers = versions.length === 0 ? [undefined] : versions;
  return servers.flatMap((redis) =>
    Array.from({ length: shards }, (_, i): ShardOfNight => ({ redis, shard: `${i + 1}/${shards}` })),
  );
}

/** Name of a shard's folder, and of its artifact in CI, such as `shard-7.0-1-of-2`. */
export function shardName({ redis, shard }: ShardOfNight): string {
  return ["shard", ...(redis === undefined ? [] : [redis]), shard.replace("/", "-of-")].join("-");
}

/** What one call of redquake is given. */
export type Step = readonly string[];

/** The image first, so that its making counts to no campaign. */
export function shardSteps(options: NightOptions, { redis, shard }: ShardOfNight, results: string): Step[] {
  return [
    ...imageSteps(options.host, redis),
    [
      "campaigns",
      ...options.patterns,
      "--suite",
      options.suite,
      "--seed",
      options.seed,
      "--shard",
      shard,
      ...(options.duration === undefined ? [] : ["--time-limit", options.duration]),
      ...hostFlags(options.host, redis),
      "--failing",
      options.failing,
      "--results",
      results,
    ],
  ];
}

export function canarySteps(
  { host, seed }: Pick<NightOptions, "host" | "seed">,
  redis: string | undefined,
  results: string,
): Step[] {
  return [...imageSteps(host, redis), ["canary", "--seed", seed, ...hostFlags(host, redis), "--results", results]];
}

export function mergeStep(folders: readonly string[], out: string, failing: string | undefined): Step {
  return ["merge", ...folders, "--out", out, ...(failing === undefined ? [] : ["--failing", failing])];
}

export function shardFolders(results: string, shards: readonly ShardOfNight[]): string[] {
  return shards.map((shard) => join(results, shardName(shard)));
}

function imageSteps(host: NightHost, redis: string | undefined): Step[] {
  return host === "docker" ? [["images", ...(redis === undefined ? [] : [redis])]] : [];
}

function hostFlags(host: NightHost, redis: string | undefined): string[] {
  return ["--host", host, ...(redis === undefined ? [] : ["--redis", redis])];
}
