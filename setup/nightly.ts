/**
 * `npm run nightly -- [STEP]`: what `.github/workflows/nightly.yml` does, step by step, or all of it on one machine.
 *
 * The workflow calls the same steps, each on a machine of its own, so what passes here passes there. An option with an
 * empty value counts as left out: that is what GitHub has for an input that nobody gave.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { parseCount } from "../cli/options/arguments.ts";
import { EXIT, worstExitCode } from "../session/exit-code.ts";
import type { ExitCode } from "../session/exit-code.ts";
import { freshSeed } from "../session/plan/seed.ts";
import { UsageError } from "../machine/usage-error.ts";
import { userPath } from "../machine/user-folder.ts";
import { packageRoot } from "../machine/package-root.ts";
import { formatFailingSeeds } from "../store/failing-seeds.ts";
import type { NightOptions, Step } from "./nightly-night.ts";
import {
  canarySteps,
  mergeStep,
  NIGHTLY_VERSIONS,
  shardFolders,
  shardName,
  shardsOfNight,
  shardSteps,
} from "./nightly-night.ts";

interface Flags {
  readonly host: "docker" | "process";
  readonly suite: string;
  readonly seed?: string;
  readonly duration?: string;
  readonly redis: readonly string[];
  readonly failing: string;
}

const say = (line: string): void => console.error(`nightly: ${line}`);

/** What a signal ended, ends the night too. */
class Interrupted extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`interrupted (${code})`);
    this.code = code;
  }
}

/** Runs a step to its end and resolves with its exit code. */
async function run([script, ...args]: Step): Promise<ExitCode> {
  say(`${script} ${args.join(" ")}`);
  const child = spawn(process.execPath, [join(packageRoot, script), ...args], { stdio: "inherit" });
  // The terminal's Ctrl-C reaches the step too, so it is only waited for; SIGTERM and SIGHUP are handed on.
  const handOn = (signal: NodeJS.Signals): void => void (signal === "SIGINT" || child.kill(signal));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, handOn);
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  for (const each of signals) process.off(each, handOn);
  const ended = code ?? 128 + constants.signals[signal ?? "SIGKILL"];
  const known = Object.values(EXIT).find((each) => each === ended);
  if (known === undefined) throw new Interrupted(ended);
  return known;
}

/** Runs steps until one of them fails as a harness; the code of the last one that ran. */
async function runAll(steps: readonly Step[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.wellDone;
  for (const step of steps) {
    code = await run(step);
    if (code === EXIT.harnessFailed || code === EXIT.badArguments) break;
  }
  return code;
}

/** Prints the seed, for GitHub too, and makes sure that the file of failing seeds exists. */
async function prepare(flags: Flags): Promise<string> {
  const seed = flags.seed ?? String(freshSeed());
  say(`seed ${seed}${flags.seed === undefined ? ", drawn for this night" : ""}`);
  console.log(`seed=${seed}`);
  await append("GITHUB_OUTPUT", `seed=${seed}\n`);
  try {
    await writeFile(userPath(flags.failing), formatFailingSeeds([]), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return seed;
}

async function append(variable: "GITHUB_OUTPUT" | "GITHUB_STEP_SUMMARY", text: string): Promise<void> {
  const file = process.env[variable];
  if (file !== undefined && file !== "") await appendFile(file, text);
}

/** The canary must be red, and still be so after the merge: that is the way by which a broken promise is heard of. */
async function canary(options: NightOptions, redis: string | undefined, results: string): Promise<ExitCode> {
  const code = await runAll(canarySteps(options, redis, results));
  if (code !== EXIT.wellDone) return code;
  const merged = await run(mergeStep([results], join(results, "merged"), undefined));
  if (merged === EXIT.promiseBroken) return EXIT.wellDone;
  say(`the canary was red and its merged results ended with ${merged} instead of ${EXIT.promiseBroken}`);
  return EXIT.harnessFailed;
}

/** A shard that left nothing behind has an empty folder then, which the merge names. */
async function merge(folders: readonly string[], out: string, failing: string): Promise<ExitCode> {
  for (const folder of folders) await mkdir(userPath(folder), { recursive: true });
  const code = await run(mergeStep(folders, out, failing));
  if (code !== EXIT.badArguments)
    await append("GITHUB_STEP_SUMMARY", await readFile(join(userPath(out), "summary.md"), "utf8"));
  return code;
}

/** One after the other, on this machine. */
async function all(flags: Flags, patterns: readonly string[], named: string, shards: number): Promise<ExitCode> {
  const results = userPath(named);
  await mkdir(results, { recursive: true });
  const failing = join(results, flags.failing);
  const seed = await prepare({ ...flags, failing });
  const night = join(results, `${new Date().toISOString().replaceAll(/[:.]/g, "-")}-${seed}`);
  const options = { ...flags, patterns, seed, failing, duration: flags.duration };
  const parts = shardsOfNight(flags.redis, shards);
  const codes: ExitCode[] = [];
  for (const part of parts) codes.push(await runAll(shardSteps(options, part, join(night, shardName(part)))));
  codes.push(await canary(options, flags.redis[0], join(night, "canary")));
  codes.push(await merge(shardFolders(night, parts), join(night, "merged"), failing));
  return worstExitCode(codes);
}

/** An option with an empty value counts as left out. */
function withoutEmpty(args: readonly string[]): string[] {
  return args.filter((arg, i) => arg !== "" && !(arg.startsWith("--") && args[i + 1] === ""));
}

/** Flags that several steps share. */
function withOptions(command: Command, ...names: readonly (keyof typeof OPTIONS)[]): Command {
  for (const name of names) command.addOption(OPTIONS[name]());
  return command;
}

const OPTIONS = {
  host: () => new Option("--host <kind>", "where nodes run").choices(["docker", "process"]).default("docker"),
  suite: () => new Option("--suite <name>", "which campaigns").default("nightly"),
  seed: () => new Option("--seed <n>", "the seed (default: a new one)"),
  givenSeed: () => new Option("--seed <n>", "the seed of the night").makeOptionMandatory(),
  duration: () =>
    new Option("--duration <time>", "how long each load lasts, such as 20s (default: what each campaign says)"),
  redis: () => new Option("--redis <versions...>", "servers to test (default in Docker: all that are known)"),
  oneRedis: () => new Option("--redis <version>", "the server to test"),
  failing: () => new Option("--failing <file>", "file of failing seeds").default("failing-seeds.json"),
  results: () => new Option("--results <folder>", "where results go").default("results"),
  shard: () => new Option("--shard <i/n>", "which part of the campaigns").makeOptionMandatory(),
  shards: () =>
    new Option("--shards <n>", "into how many parts the campaigns are cut").argParser(parseCount).default(2),
};

interface SharedFlags extends Omit<Flags, "redis" | "seed"> {
  readonly results: string;
  readonly shard: string;
  readonly shards: number;
}

function versionsFor({
  host,
  redis,
}: {
  readonly host: Flags["host"];
  readonly redis?: readonly string[];
}): readonly string[] {
  if (redis !== undefined && host === "process" && redis.length > 1) {
    throw new UsageError(`--redis ${redis.join(" ")} are several, and a plain process is one: use --host docker`);
  }
  return redis ?? (host === "docker" ? NIGHTLY_VERSIONS : []);
}

function createProgram(ended: (code: number) => void): Command {
  const program = new Command("nightly").description("a night of campaigns: all of it, or one step").exitOverride();
  withOptions(
    program
      .command("all", { isDefault: true })
      .description("every step, one after the other, on this machine; exit codes are those of redquake")
      .argument("[patterns...]", "names of campaigns, or parts of names"),
    ...(["host", "suite", "seed", "duration", "redis", "failing", "shards"] as const),
  )
    .option("--results <folder>", "where results go, a folder for each night", join("results", "nightly"))
    .action(async (patterns: string[], flags: SharedFlags & { seed?: string; redis?: string[] }) => {
      ended(await all({ ...flags, redis: versionsFor(flags) }, patterns, flags.results, flags.shards));
    });
  withOptions(
    program.command("prepare").description("draw the seed, print it, and see to the file of failing seeds"),
    "seed",
    "failing",
  ).action(async (flags: { seed?: string; failing: string }) => {
    await prepare({ ...flags, host: "docker", suite: "nightly", redis: [] });
    ended(EXIT.wellDone);
  });
  withOptions(
    program.command("shard").description("one part of the campaigns on one server").argument("[patterns...]"),
    ...(["host", "suite", "givenSeed", "duration", "oneRedis", "failing", "shard", "results"] as const),
  ).action(async (patterns: string[], flags: SharedFlags & { seed: string; redis?: string }) => {
    const options = { ...flags, patterns, duration: flags.duration };
    ended(await runAll(shardSteps(options, { redis: flags.redis, shard: flags.shard }, flags.results)));
  });
  withOptions(
    program.command("canary").description("a campaign that must come out red"),
    ...(["host", "givenSeed", "oneRedis", "results"] as const),
  ).action(async (flags: SharedFlags & { seed: string; redis?: string }) => {
    ended(await canary({ ...flags, patterns: [], duration: undefined }, flags.redis, flags.results));
  });
  withOptions(
    program.command("merge").description("the results of all shards as one, and the summary of the job"),
    ...(["host", "redis", "shards", "failing", "results"] as const),
  )
    .option("--out <folder>", "where the merged results go", "merged")
    .action(async (flags: SharedFlags & { out: string; redis?: string[] }) => {
      const folders = shardFolders(flags.results, shardsOfNight(versionsFor(flags), flags.shards));
      ended(await merge(folders, flags.out, flags.failing));
    });
  return program;
}

try {
  await createProgram((code) => (process.exitCode = code)).parseAsync(withoutEmpty(process.argv.slice(2)), {
    from: "user",
  });
} catch (error) {
  if (error instanceof Interrupted) process.exitCode = error.code;
  else if (error instanceof UsageError) {
    say(error.message);
    process.exitCode = EXIT.badArguments;
  } else if (error instanceof Error && "exitCode" in error)
    process.exitCode = error.exitCode === 0 ? EXIT.wellDone : EXIT.badArguments;
  else throw error;
}
