/** The steps of a night, and all of them on one machine. A workflow calls the steps on machines of their own. */
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { userPath } from "../../machine/user-folder.ts";
import { formatFailingSeeds } from "../../store/failing-seeds.ts";
import type { ExitCode } from "../exit-code.ts";
import { EXIT, worstExitCode } from "../exit-code.ts";
import { freshSeed } from "../plan/seed.ts";
import type { NightOptions, ShardOfNight } from "./night.ts";
import { canarySteps, mergeStep, shardFolders, shardName, shardsOfNight, shardSteps } from "./night.ts";
import type { RunStep } from "./step-process.ts";
import { runSteps } from "./step-process.ts";

export interface NightObserver {
  /** What happens, in lines for people. */
  readonly notice: (line: string) => void;
  /** The seed of the night is known. */
  readonly seed: (seed: string) => void;
}

export interface NightToPrepare {
  /** Undefined for a new one. */
  readonly seed?: string | undefined;
  /** File of failing seeds. */
  readonly failing: string;
}

/** Tells the seed, GitHub too, and makes sure that the file of failing seeds exists. Resolves with the seed. */
export async function prepareNight({ seed: given, failing }: NightToPrepare, observer: NightObserver): Promise<string> {
  const seed = given ?? String(freshSeed());
  observer.notice(`seed ${seed}${given === undefined ? ", drawn for this night" : ""}`);
  observer.seed(seed);
  await append("GITHUB_OUTPUT", `seed=${seed}\n`);
  try {
    await writeFile(userPath(failing), formatFailingSeeds([]), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return seed;
}

/** One part of the campaigns on one server. @param results the folder in which the runs are stored */
export function makeShard(
  options: NightOptions,
  shard: ShardOfNight,
  results: string,
  run: RunStep,
): Promise<ExitCode> {
  return runSteps(shardSteps(options, shard, results), run);
}

/** The canary must be red, and still be so after the merge: that is the way by which a broken promise is heard of. */
export async function makeCanary(
  options: Pick<NightOptions, "host" | "seed">,
  { redis, results }: { readonly redis: string | undefined; readonly results: string },
  run: RunStep,
  notice: NightObserver["notice"],
): Promise<ExitCode> {
  const code = await runSteps(canarySteps(options, redis, results), run);
  if (code !== EXIT.wellDone) return code;
  const merged = await run(mergeStep([results], join(results, "merged"), undefined));
  if (merged === EXIT.promiseBroken) return EXIT.wellDone;
  notice(`the canary was red and its merged results ended with ${merged} instead of ${EXIT.promiseBroken}`);
  return EXIT.harnessFailed;
}

/** A shard that left nothing behind has an empty folder then, which the merge names. */
export async function mergeNight(
  folders: readonly string[],
  { out, failing }: { readonly out: string; readonly failing: string },
  run: RunStep,
): Promise<ExitCode> {
  for (const folder of folders) await mkdir(userPath(folder), { recursive: true });
  const code = await run(mergeStep(folders, out, failing));
  if (code !== EXIT.badArguments)
    await append("GITHUB_STEP_SUMMARY", await readFile(join(userPath(out), "summary.md"), "utf8"));
  return code;
}

export interface WholeNight extends Omit<NightOptions, "seed"> {
  readonly seed?: string | undefined;
  /** Servers to test, one after the other; none for the default of the host. */
  readonly versions: readonly string[];
  /** Into how many parts the campaigns are cut. */
  readonly shards: number;
  /** The folder in which each night has one of its own. */
  readonly results: string;
}

/** Every step, one after the other. Resolves with the worst exit code. */
export async function wholeNight(
  { versions, shards, ...options }: WholeNight,
  run: RunStep,
  observer: NightObserver,
): Promise<ExitCode> {
  const results = userPath(options.results);
  await mkdir(results, { recursive: true });
  const failing = join(results, options.failing);
  const seed = await prepareNight({ seed: options.seed, failing }, observer);
  const night = join(results, `${new Date().toISOString().replaceAll(/[:.]/g, "-")}-${seed}`);
  const planned: NightOptions = { ...options, seed, failing };
  const parts = shardsOfNight(versions, shards);
  const codes: ExitCode[] = [];
  for (const part of parts) codes.push(await makeShard(planned, part, join(night, shardName(part)), run));
  const canary = { redis: versions[0], results: join(night, "canary") };
  codes.push(await makeCanary(planned, canary, run, observer.notice));
  codes.push(await mergeNight(shardFolders(night, parts), { out: join(night, "merged"), failing }, run));
  return worstExitCode(codes);
}

async function append(variable: "GITHUB_OUTPUT" | "GITHUB_STEP_SUMMARY", text: string): Promise<void> {
  const file = process.env[variable];
  if (file !== undefined && file !== "") await appendFile(file, text);
}
