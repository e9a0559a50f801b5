/**
 * The commands, their options and their help. What they do is loaded only when it is needed, so that help comes at
 * once.
 */
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import {
  parseCount,
  parseDuration,
  parseIntensity,
  parseSeed,
  parseShard,
  parseToxiproxy,
  parseToxiproxyUrl,
} from "./arguments.ts";
import { ADAPTER_TEMPLATES } from "../session/templates/adapters.ts";
import type { AdapterTestFlags } from "./adapter-test-command.ts";
import type { CanaryFlags } from "./canary-command.ts";
import type { CampaignsFlags } from "./campaigns-command.ts";
import type { CheckFlags } from "./check-command.ts";
import type { InitFlags } from "./init-command.ts";
import type { CleanFlags } from "./clean-command.ts";
import type { DoctorFlags } from "./doctor-command.ts";
import type { BisectFlags } from "./bisect-command.ts";
import type { LocksReportFlags } from "./locks-report-command.ts";
import type { TrackRecordFlags } from "./track-record-command.ts";
import type { MergeFlags } from "./merge-command.ts";
import type { ReportFlags } from "./report-command.ts";
import type { ReplayFlags } from "./replay-command.ts";
import { version } from "./version.ts";

/**
 * @param ended told the exit code of the command
 */
export function createProgram(ended: (code: number) => void): Command {
  const program = new Command("redquake")
    .description(
      "Shakes real Redis and the code that trusts it, and judges from what the clients saw which promises were kept.",
    )
    .version(version())
    .showHelpAfterError("(--help shows what there is)")
    .exitOverride()
    .addHelpText("after", EXIT_CODES_HELP);
  addCampaigns(program, ended);
  addCheck(program, ended);
  addReport(program, ended);
  addMerge(program, ended);
  addLocksReport(program, ended);
  addBisect(program, ended);
  addTrackRecord(program, ended);
  addReplay(program, ended);
  addCanary(program, ended);
  addAdapterTest(program, ended);
  addInit(program, ended);
  addDoctor(program, ended);
  addClean(program, ended);
  return program;
}

const EXIT_CODES_HELP = `
Exit codes: 0 all well · 1 a promise was broken · 2 something was skipped, undecided or not demonstrated ·
254 bad arguments · 255 redquake itself failed · 130 interrupted`;

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
}

function addCampaigns(program: Command, ended: (code: number) => void): void {
  const command = program
    .command("campaigns")
    .description("run campaigns: start Redis, break things, record, judge, report")
    .argument(
      "[patterns...]",
      "names of campaigns, parts of names, names with *, or locks for all that test locks; all of the suite without any",
    )
    .option("--list", "print the campaigns instead of running them")
    .addOption(
      new Option("--suite <name>", "which campaigns (default: standard, or all that fit the patterns)").choices([
        "quick",
        "standard",
        "nightly",
      ]),
    )
    .option("--time-limit <duration>", "how long each load lasts, such as 20s or 2m", parseDuration)
    .option("--seed <n>", "repeat the plans of an earlier call (default: a new seed, printed)", parseSeed)
    .option("--repeat <n>", "run each campaign with n seeds: the seed, the next one …", parseCount, 1)
    .option(
      "--faults <what>",
      "other faults than the campaigns' own: a schedule or a file with one (docs/schedules.md), - for the standard input, or seeded or swarm, which draw them from the seed. No outcome is expected then",
    )
    .addOption(
      new Option(
        "--adapter <what>",
        "the lock to test: your own module, 'command: …' for any language (docs/adapters.md), or a library such as redlock@4.2.0. Without patterns it goes through all lock campaigns that suit it. Repeat the option to compare several locks",
      ).argParser((named: string, before: readonly string[] | undefined) => [...(before ?? []), named]),
    )
    .addOption(
      new Option(
        "--campaign <file>",
        "campaigns of your own: a module that exports them (docs/library.md). Repeat the option for several modules",
      ).argParser((file: string, before: readonly string[] | undefined) => [...(before ?? []), file]),
    )
    .option("--all-adapters", "every lock that redquake knows, except those that are broken on purpose")
    .option("--intensity <n>", "how many faults a second are drawn, on average, such as 0.5", parseIntensity)
    .option("--shard <i/n>", "only the i-th of n parts of the campaigns that take about the same time", parseShard)
    .option(
      "--durations <file>",
      "measured durations by which shards are cut, as merge writes them (default: those of redquake)",
    )
    .option("--failing <file>", "first run the failing seeds in this file, which merge keeps; it need not exist yet")
    .option("--bail", "stop after the first run that does not end well");
  addRunOptions(command).addHelpText(
    "after",
    examples(
      "redquake campaigns                          the standard suite",
      "redquake campaigns --list --suite nightly   what there is",
      "redquake campaigns redlock --seed 42        all campaigns with redlock in their names",
      "redquake campaigns 'lock-*' --repeat 10     ten seeds each",
      "redquake campaigns lock-simple --faults 'on acquire #5: pause holder for 3s'",
      "redquake campaigns redlock --faults swarm --repeat 20",
      "redquake campaigns --adapter ./my-lock.ts   is my lock safe?",
      "redquake campaigns --campaign ./my.campaign.ts --repeat 10   a campaign of my own",
      "redquake campaigns slow-replies --adapter redlock@4.2.0 --adapter redlock@5.0.0-beta.2   which of them is?",
    ),
  );
  command.action(async (patterns: string[], flags: CampaignsFlags) => {
    const { campaignsCommand } = await import("./campaigns-command.ts");
    ended(await campaignsCommand(patterns, flags));
  });
}

function addServerOptions(command: Command): Command {
  return command
    .addOption(new Option("--host <kind>", "where nodes run").choices(["auto", "docker", "process"]).default("auto"))
    .option(
      "--redis <what>",
      "the server to test: the path of a redis-server, or for Docker 7.0, 8.0, valkey-8.1 or any image (default: 7.0 in Docker; else from PATH, else fetched into a private cache)",
    );
}

function addRunOptions(command: Command, results = "results"): Command {
  return addServerOptions(command)
    .addOption(
      new Option(
        "--toxiproxy <which>",
        "what carries the links: embedded, the URL of a Toxiproxy that runs on this machine, or an image of one",
      )
        .argParser(parseToxiproxy)
        .default({ kind: "embedded" }, "embedded"),
    )
    .option("--results <folder>", "where stored runs go", results)
    .option("--jobs <n>", "how many runs go on side by side", parseCount, 1)
    .option("--hold", "wait for Enter before everything is stopped, to look around")
    .option("--json", "print one JSON object per run instead of the table");
}

function addCheck(program: Command, ended: (code: number) => void): void {
  program
    .command("check")
    .description("judge stored runs again, or history files of any tool; needs no Redis")
    .argument(
      "<targets...>",
      "folders of stored runs; or with --model history files (JSON lines, or EDN as Jepsen writes it, also .gz and .zst), - for standard input",
    )
    .option("--model <name>", "what the history files must satisfy, such as cas-register, mutex or list-append")
    .option("--init <json>", "the state before the first operation, as JSON", parseInit)
    .option("--by-key", "values are [key, value], and each key is an object of its own")
    .option("--consistency-model <name>", "what transactions must satisfy (default: strict-serializable)")
    .option("--time-limit <duration>", "after this the verdict on a file is unknown, such as 60s", parseDuration)
    .option("--options <json>", "further options of the model, as a JSON object", parseOptions)
    .option("--json", "print one JSON object per target")
    .addOption(allowModule())
    .addHelpText(
      "after",
      examples(
        "redquake check results/latest",
        "redquake check history.jsonl --model cas-register --init 0 --by-key",
        "redquake check jepsen/history.edn --model list-append --consistency-model snapshot-isolation",
        "zcat history.jsonl.gz | redquake check - --model mutex --time-limit 60s --json",
        'redquake check history.jsonl --model lock-overlap --options \'{"level":"grant"}\' --json',
      ),
    )
    .action(async (targets: string[], flags: CheckFlags) => {
      const { checkCommand } = await import("./check-command.ts");
      ended(await checkCommand(targets, flags));
    });
}

/** For stored runs that are judged by checkers of one's own. */
function allowModule(): Option {
  return new Option(
    "--allow-code <what>",
    "let a stored run load a module that is not redquake's own, in the words with which it was refused. Repeat the option for several",
  ).argParser((named: string, before: readonly string[] | undefined) => [...(before ?? []), named]);
}

/** In an object, so that null can be told from nothing. */
function parseInit(text: string): { readonly value: unknown } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    throw new InvalidArgumentError(`It must be JSON, such as 0, null or '"a text"'. ${(error as Error).message}.`);
  }
}

function parseOptions(text: string): object {
  const explanation = `It must be a JSON object, such as '{"level":"grant"}'.`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`${explanation} ${(error as Error).message}.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new InvalidArgumentError(explanation);
  return value;
}

function addReport(program: Command, ended: (code: number) => void): void {
  program
    .command("report")
    .description("write the reports of stored runs again, and print their paths")
    .argument("<runs...>", "folders of stored runs")
    .addOption(allowModule())
    .addHelpText("after", examples("redquake report results/latest"))
    .action(async (runs: string[], flags: ReportFlags) => {
      const { reportCommand } = await import("./report-command.ts");
      ended(await reportCommand(runs, flags));
    });
}

function addMerge(program: Command, ended: (code: number) => void): void {
  program
    .command("merge")
    .description(
      "put the results of several machines into one folder: a list of all runs (index.html), JUnit (junit.xml), a summary (summary.md), and measured durations (durations.json)",
    )
    .argument("<folders...>", "folders of results")
    .option("--out <folder>", "where the merged results go; may be one of the folders", "results")
    .option("--failing <file>", "also keep in this file which seeds have failed, for campaigns --failing")
    .option("--json", "print one JSON object instead of the paths")
    .addHelpText(
      "after",
      examples("redquake merge shards/* --out merged", "redquake merge results --failing failing-seeds.json"),
    )
    .action(async (folders: string[], flags: MergeFlags) => {
      const { mergeCommand } = await import("./merge-command.ts");
      ended(await mergeCommand(folders, flags));
    });
}

function addLocksReport(program: Command, ended: (code: number) => void): void {
  program
    .command("locks-report")
    .description(
      "write what locks did in campaigns, from stored runs, as a document: locks × campaigns, and what was seen",
    )
    .argument("<results>", "folder of results")
    .option("--out <file>", "where the document goes (default: the standard output)")
    .addHelpText("after", examples("redquake locks-report results --out lock-libraries.md"))
    .action(async (results: string, flags: LocksReportFlags) => {
      const { locksReportCommand } = await import("./locks-report-command.ts");
      ended(await locksReportCommand(results, flags));
    });
}

function addBisect(program: Command, ended: (code: number) => void): void {
  const command = program
    .command("bisect")
    .description("find the version of a lock library with which what a campaign shows changes")
    .argument("<library>", "a lock library that redquake knows, without a version, such as redis-semaphore/Mutex")
    .argument("<campaign>", "the name of a campaign of locks")
    .requiredOption("--from <version>", "the first version")
    .requiredOption("--to <version>", "the last version")
    .option("--seed <n>", "the seed (default: a new one)", parseSeed);
  addRunOptions(command).addHelpText(
    "after",
    `
Exit codes: 0 found · 2 both ends show the same, or a version in between decided nothing
${examples("redquake bisect redis-semaphore/Mutex lock-late-refresh --from 5.3.0 --to 5.8.0")}`,
  );
  command.action(async (library: string, campaign: string, flags: BisectFlags) => {
    const { bisectCommand } = await import("./bisect-command.ts");
    ended(await bisectCommand(library, campaign, flags));
  });
}

function addTrackRecord(program: Command, ended: (code: number) => void): void {
  const command = program
    .command("track-record")
    .description("find known bugs again in the exact library versions that have them, and write how often and how soon")
    .option("--seed <n>", "the first seed (default: a new one)", parseSeed)
    .option("--repeat <n>", "look n times for each, with the seed, the next one …", parseCount, 1)
    .option("--from <folder>", "make no runs: take those that are stored there")
    .option("--out <file>", "where the document goes (default: the standard output)");
  addRunOptions(command).addHelpText(
    "after",
    `
Exit codes: 0 each bug was found in every run, and no lock without it was broken · 1 otherwise
${examples("redquake track-record --repeat 10 --out track-record.md")}`,
  );
  command.action(async (flags: TrackRecordFlags) => {
    const { trackRecordCommand } = await import("./track-record-command.ts");
    ended(await trackRecordCommand(flags));
  });
}

function addCanary(program: Command, ended: (code: number) => void): void {
  const command = program
    .command("canary")
    .description("run a campaign whose promise is known to break: 0 when redquake sees it, 255 when it does not")
    .option("--seed <n>", "the seed (default: a new one)", parseSeed);
  addRunOptions(command, join("results", "canary")).addHelpText("after", examples("redquake canary"));
  command.action(async (flags: CanaryFlags) => {
    const { canaryCommand } = await import("./canary-command.ts");
    ended(await canaryCommand(flags));
  });
}

function addReplay(program: Command, ended: (code: number) => void): void {
  const command = program
    .command("replay")
    .description("run the plan of a stored run again")
    .argument("<run>", "folder of the stored run")
    .option("--repeat <n>", "run it n times", parseCount, 1)
    .addOption(
      new Option(
        "--allow-code <what>",
        "let the plan execute what is not redquake's own, in the words with which it was refused, such as 'command: python3 my_lock.py in /home/me'; more than once for several",
      ).argParser((named: string, before: readonly string[] | undefined) => [...(before ?? []), named]),
    )
    .option("--bail", "stop after the first run that does not end well");
  addRunOptions(command)
    .addHelpText(
      "after",
      examples("redquake replay results/latest", "redquake replay results/latest --repeat 20 --bail"),
    )
    .action(async (run: string, flags: ReplayFlags) => {
      const { replayCommand } = await import("./replay-command.ts");
      ended(await replayCommand(run, flags));
    });
}

function addAdapterTest(program: Command, ended: (code: number) => void): void {
  const command = program
    .command("adapter-test")
    .description("put an adapter through its contract on real servers, without any fault: one line per check")
    .argument("<adapter>", "a module, or 'command: …' in any language (docs/adapters.md)")
    .option("--seed <n>", "the seed of the adapter's randomness (default: a new one)", parseSeed)
    .option("--json", "print one JSON object");
  addServerOptions(command).addHelpText(
    "after",
    `\n✓ as it should be · ✗ not · – the adapter does not offer it
Exit codes: 0 all as it should be · 1 something is not · 254 the adapter cannot be used\n${examples(
      "redquake adapter-test ./my-lock.ts",
      "redquake adapter-test 'command: python3 my_lock.py'",
    )}`,
  );
  command.action(async (adapter: string, flags: AdapterTestFlags) => {
    const { adapterTestCommand } = await import("./adapter-test-command.ts");
    ended(await adapterTestCommand(adapter, flags));
  });
}

function addInit(program: Command, ended: (code: number) => void): void {
  program
    .command("init")
    .description(
      "write a starting point into your project: an adapter for your lock, npm scripts, and a workflow that runs every night",
    )
    .argument("[folder]", "the project, which has a package.json", ".")
    .addOption(
      new Option(
        "--template <name>",
        `what the adapter starts from: ${Object.entries(ADAPTER_TEMPLATES)
          .map(([name, { when }]) => `${name} (${when})`)
          .join("; ")}`,
      )
        .choices(Object.keys(ADAPTER_TEMPLATES))
        .default("one"),
    )
    .addHelpText("after", examples("redquake init", "redquake init --template routine"))
    .action(async (folder: string, flags: InitFlags) => {
      const { initCommand } = await import("./init-command.ts");
      ended(await initCommand(folder, flags));
    });
}

function addDoctor(program: Command, ended: (code: number) => void): void {
  program
    .command("doctor")
    .description(
      "tell what this machine can do, one thing a line, and what is missing for the rest; tries everything, installs nothing",
    )
    .option("--results <folder>", "where stored runs go", "results")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `\n✓ works · ✗ something cannot be done without it · – nothing depends on it, or redquake gets it by itself
Exit codes: 0 campaigns can run here · 2 they cannot\n${examples("redquake doctor")}`,
    )
    .action(async (flags: DoctorFlags) => {
      const { doctorCommand } = await import("./doctor-command.ts");
      ended(await doctorCommand(flags));
    });
}

function addClean(program: Command, ended: (code: number) => void): void {
  program
    .command("clean")
    .description(
      "end processes and containers and remove temporary folders that killed runs have left behind; runs that go on are left alone",
    )
    .addOption(
      new Option(
        "--toxiproxy <url>",
        "also remove the proxies that killed runs of this machine have left in this Toxiproxy",
      ).argParser(parseToxiproxyUrl),
    )
    .option("--json", "print what was done as a JSON object")
    .addHelpText("after", examples("redquake clean", "redquake clean --toxiproxy http://127.0.0.1:8474"))
    .action(async (flags: CleanFlags) => {
      const { cleanCommand } = await import("./clean-command.ts");
      ended(await cleanCommand(flags));
    });
}
