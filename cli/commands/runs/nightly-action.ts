/** `redquake nightly`: what each of its steps does. Each starts this command line again, for others of its commands. */
import type { ExitCode } from "../../../session/exit-code.ts";
import { EXIT } from "../../../session/exit-code.ts";
import type { NightOptions } from "../../../session/nightly/night.ts";
import { shardFolders, shardsOfNight, versionsOfNight } from "../../../session/nightly/night.ts";
import type { RunStep } from "../../../session/nightly/step-process.ts";
import { withSteps } from "../../../session/nightly/step-process.ts";
import type { NightObserver, NightToPrepare, WholeNight } from "../../../session/nightly/steps.ts";
import { makeCanary, makeShard, mergeNight, prepareNight, wholeNight } from "../../../session/nightly/steps.ts";
import { print } from "../../terminal/print.ts";
import { say } from "../../terminal/say.ts";

export interface AllFlags extends Omit<WholeNight, "patterns" | "versions"> {
  readonly redis?: readonly string[];
}

export interface ShardFlags extends Omit<NightOptions, "patterns"> {
  readonly redis?: string;
  readonly shard: string;
  readonly results: string;
}

export type CanaryFlags = Pick<ShardFlags, "host" | "seed" | "redis" | "results">;

export interface MergeFlags extends Pick<AllFlags, "host" | "redis" | "shards" | "failing" | "results"> {
  readonly out: string;
}

const notice = (line: string): void => say(`nightly: ${line}`);
const observer: NightObserver = { notice, seed: (seed) => print(`seed=${seed}`) };

/** Each resolves with the exit code; with that of a signal when one ended a step. */
const steps = (body: (run: RunStep) => Promise<ExitCode>): Promise<number> => withSteps(notice, body);

export function allAction(patterns: readonly string[], { redis, ...flags }: AllFlags): Promise<number> {
  const versions = versionsOfNight(flags.host, redis);
  return steps((run) => wholeNight({ ...flags, patterns, versions }, run, observer));
}

export async function prepareAction(flags: NightToPrepare): Promise<number> {
  await prepareNight(flags, observer);
  return EXIT.wellDone;
}

export function shardAction(patterns: readonly string[], flags: ShardFlags): Promise<number> {
  const { redis, shard, results, ...options } = flags;
  return steps((run) => makeShard({ ...options, patterns }, { redis, shard }, results, run));
}

export function canaryAction({ redis, results, ...options }: CanaryFlags): Promise<number> {
  return steps((run) => makeCanary(options, { redis, results }, run, notice));
}

export function mergeAction({ host, redis, shards, results, ...options }: MergeFlags): Promise<number> {
  const parts = shardsOfNight(versionsOfNight(host, redis), shards);
  return steps((run) => mergeNight(shardFolders(results, parts), options, run));
}
