/** Campaigns with a user's own lock, for real: a good one, and those that do what an adapter must not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockOverlap } from "../../../../checkers/index.ts";
import { readHistory } from "../../../../history/index.ts";
import { packageRoot } from "../../../../machine/package-root.ts";
import type { AdapterFolder } from "../../../support/adapters.ts";
import { adapterFolder, blockingAdapter, goodAdapter } from "../../../support/adapters.ts";
import type { Ended } from "../../redquake.ts";
import { redquake } from "../../redquake.ts";

/** What `--json` says of a run. */
interface Told {
  readonly lock: string;
  readonly outcome: string;
  readonly exitCode: number;
  readonly sentence: string;
  /** Null where nothing was run. */
  readonly folder: string | null;
  readonly claims: readonly { readonly verdict: string; readonly standing: string; readonly applicable: boolean }[];
  readonly doubts: readonly string[];
}

interface Runs extends Ended {
  readonly told: readonly Told[];
  /** The run with the adapter in this file, which gives the lock the file's name. */
  of(file: string): Told;
  /** What was said on standard error of that run. */
  saidOf(file: string): string;
}

const ARGS = ["--host", "process", "--seed", "1", "--json"];

/** One command line that runs a campaign with each of the adapters, some side by side. */
async function runs(
  adapters: AdapterFolder,
  campaign: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<Runs> {
  const named = Object.entries(files).map(([file, text]) => {
    adapters.file(file, text.replace("good@1.0.0", file));
    return ["--adapter", `./${file}`];
  });
  const ended = await redquake(["campaigns", ...campaign, ...named.flat(), "--jobs", "3", ...ARGS], {
    cwd: adapters.folder,
  });
  const told = ended.stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Told]));
  const messages = ended.stderr.split(/^(?=\S+ with )/m);
  return {
    ...ended,
    told,
    of: (file) => {
      const run = told.find(({ lock }) => lock === file);
      if (run === undefined) throw new Error(`no run with ${file}, but:\n${ended.stdout}${ended.stderr}`);
      return run;
    },
    saidOf: (file) => messages.filter((each) => each.includes(` with ${file} `)).join(""),
  };
}

interface Event {
  readonly f: string;
  readonly type: string;
  readonly error?: string;
  readonly value: { readonly says?: unknown };
}

function fileOf(run: Told, name: string): string {
  return join(String(run.folder), name);
}

function historyOf(run: Told): Event[] {
  const lines = readFileSync(fileOf(run, "history.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Event);
}

/** A lock that rejects for whatever it did not get. */
function rejecting(refused: string): string {
  return goodAdapter()
    .replace("name:", `refused: ${refused}, name:`)
    .replace(`"NX")) === null) return null;`, `"NX")) === null) throw new Error("locked");`);
}

const UNKNOWN: readonly (readonly [string, string, readonly RegExp[]])[] = [
  ["throws in open", goodAdapter(`throw new Error("no luck");`), [/throws in open\(\)/, /no luck\n\s+at .*\S+\.mjs/]],
  [
    "returns nonsense",
    goodAdapter().replace("return {\n      async acquire", "return {\n      acquire: async () => true, async other"),
    [/nonsense from acquire\(\): it is true/],
  ],
  [
    "returns no client",
    `export default { name: "good@1.0.0", open: () => ({}) };`,
    [/returns no lock client.*it lacks `acquire`/],
  ],
  ["gives a token that is none", goodAdapter("", `token: "abc"`), [/fencing token must be a whole number/]],
  [
    "throws when it is asked what an error means",
    rejecting("(error) => error.of.nothing"),
    [/throws in refused\(\)/, /\S+\.mjs/],
  ],
  ["cannot tell what an error means", rejecting("(error) => error.message"), [/returns string from refused\(\)/]],
  [
    "calls process.exit under load",
    goodAdapter().replace("const until", "process.exit(7); const until"),
    [/calls process\.exit\(7\)/, /at .*acquire .*\S+\.mjs/],
  ],
  [
    "throws where nobody catches it",
    goodAdapter(`setTimeout(() => { throw new Error("late"); }, 50);`),
    [/that nobody caught/, /late/],
  ],
];

let adapters: AdapterFolder;

beforeAll(() => {
  adapters = adapterFolder();
});

afterAll(() => adapters[Symbol.dispose]());

describe("a lock of the user's own, whose holder is paused", () => {
  let ended: Runs;

  beforeAll(async () => {
    ended = await runs(adapters, ["lock-simple-paused-holder", "--time-limit", "3s"], {
      "lock.mjs": goodAdapter(),
      // It notices by itself, after the time to live: a watchdog that works.
      "watchful.mjs": goodAdapter().replace("validUntil: () => until,", "isHeld: () => Date.now() < until,"),
      // And one that never does.
      "blind.mjs": goodAdapter().replace("validUntil: () => until,", "isHeld: () => true,"),
    });
  });

  it("has nothing expected of it, and its plan names it", async () => {
    expect(ended.code).toBe(0);
    const run = ended.of("lock.mjs");
    expect(run).toMatchObject({
      outcome: "passed",
      claims: [
        { standing: "hoped", expect: null },
        { standing: "hoped", expect: null },
      ],
    });
    const grant = historyOf(run).find(({ f, type }) => f === "acquire" && type === "ok");
    expect(grant?.value.says).toEqual(["validUntil"]);
    const plan: unknown = JSON.parse(readFileSync(fileOf(run, "plan.json"), "utf8"));
    expect(plan).toMatchObject({
      profile: "app",
      options: {
        lock: "lock.mjs",
        adapter: { kind: "file", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      },
    });
    const changed = adapters.file("lock.mjs", `${goodAdapter()}// changed`);
    const refused = await redquake(["replay", String(run.folder)], { cwd: adapters.folder });
    expect(refused).toMatchObject({ code: 254 });
    expect(refused.stderr).toContain(`\n  --allow-code 'file: ${changed}'\n`);
    const allowed = ["replay", String(run.folder), "--allow-code", `file: ${changed}`];
    const replayed = await redquake(allowed, { cwd: adapters.folder });
    expect(replayed).toMatchObject({ code: 254 });
    expect(replayed.stderr).toMatch(/is not the file any more/);
  });

  it.each([
    ["watchful.mjs", "holds"],
    ["blind.mjs", "broken"],
  ])("is asked for its word where it has one, and believed no longer than it was heard: %s", async (file, verdict) => {
    const run = ended.of(file);
    const { history } = await readHistory(fileOf(run, "history.jsonl"));
    expect(lockOverlap(history, { level: "belief" }).verdict).toBe(verdict);
    expect(historyOf(run).some(({ f, type }) => f === "belief" && type === "ok")).toBe(true);
  });
});

describe("a lock of the user's own", () => {
  it("that says nothing of itself is found to free another's lock, too", async () => {
    const silent = goodAdapter().replace("validUntil: () => until,", "");
    const ended = await runs(adapters, ["lock-plain-delete", "--time-limit", "3s"], {
      "delete.mjs": silent.replace("server.eval(RELEASE, 1, key, value)", "server.del(key)"),
      "silent.mjs": silent,
    });
    expect(ended.of("delete.mjs").claims[0]?.verdict).toBe("broken");
    expect(ended.of("silent.mjs").claims[0]?.verdict).toBe("holds");
  });

  it("is not put to the test by what is about fencing tokens, when it has none", async () => {
    using own = adapterFolder();
    const ended = await runs(own, ["lock-fenced-delayed-write", "--time-limit", "3s"], { "lock.mjs": goodAdapter() });
    expect(ended.code).toBe(0);
    expect(ended.of("lock.mjs")).toMatchObject({ outcome: "not-applicable", claims: [{ applicable: false }] });
    await redquake(["merge", "results"], { cwd: own.folder });
    expect(readFileSync(join(own.folder, "results/junit.xml"), "utf8")).toMatch(/skipped="1"[^]*<skipped/);
    expect(readFileSync(join(own.folder, "results/index.html"), "utf8")).toContain("Not applicable");
    expect(readFileSync(join(own.folder, "results/summary.md"), "utf8")).toContain("1 not applicable");
  });
});

describe("a lock of the user's own under contention", () => {
  /** Two calls that never settle. */
  const neverSettling = (): string => {
    const never = "return new Promise(() => undefined);";
    return goodAdapter("let grants = 0;")
      .replace("const value", `if (clientId === "w2" && attempts === 3) ${never} const value`)
      .replace(
        "return { release: async () => (",
        `const grant = (grants += 1); return { release: async () => { if (clientId === "w1" && grant === 2) ${never} return (`,
      )
      .replace("value)) === 1, validUntil", "value)) === 1; }, validUntil");
  };
  /** A server of its own in the same process, which answers as Redis would. */
  const MOCK = `
const keys = new Map();
const mock = {
  set: async (key, value, _px, ttlMs) => {
    const there = keys.get(key);
    if (there !== undefined && there.until > performance.now()) return null;
    keys.set(key, { value, until: performance.now() + ttlMs });
    return "OK";
  },
  eval: async (_script, _count, key, value) => (keys.get(key)?.value === value && keys.delete(key) ? 1 : 0),
};`;
  /** Those who have the mock are connected all the same. */
  const mocking = (who: string): string =>
    `${MOCK}${goodAdapter().replace("const server = redis();", `const real = redis(); const server = ${who} ? mock : real;`)}`;

  let ended: Runs;

  beforeAll(async () => {
    const program = `python3 ${join(packageRoot, "examples/python-lock/my_lock.py")}`;
    ended = await runs(adapters, ["lock-simple", "--time-limit", "3s"], {
      "never-settles.mjs": neverSettling(),
      "waits.mjs": blockingAdapter(),
      "rejects.mjs": rejecting(`(error) => error.message === "locked"`),
      "python.json": JSON.stringify({ command: program }),
      "short.mjs": goodAdapter().replace("name:", "minTtlMs: 60_000, name:"),
      "noisy.mjs": goodAdapter(`console.log("hello"); setInterval(() => undefined, 1_000);`),
      "mock-of-all.mjs": mocking("true"),
      "mock-of-one.mjs": mocking(`clientId === "w2"`),
    });
  });

  it("may be able to wait only: what it gets late is a grant all the same, and is released", () => {
    const run = ended.of("waits.mjs");
    expect(run).toMatchObject({ outcome: "passed" });
    const events = historyOf(run);
    const count = (f: string, type: string): number =>
      events.filter((event) => event.f === f && event.type === type).length;
    expect(count("acquire", "ok")).toBe(count("release", "ok"));
    expect(count("acquire", "fail") + count("acquire", "info")).toBe(0);
  });

  it("may reject when somebody else has the lock, if it says so", () => {
    const run = ended.of("rejects.mjs");
    expect(run.exitCode).toBe(0);
    const acquires = historyOf(run).filter(({ f, type }) => f === "acquire" && type !== "invoke");
    expect(new Set(acquires.map(({ type }) => type))).toEqual(new Set(["ok", "fail"]));
  });

  it("may be a program in another language", () => {
    const python = ended.told.filter(({ lock }) => !lock.endsWith(".mjs"));
    expect(python).toMatchObject([{ outcome: "passed", exitCode: 0 }]);
  });

  it("that never settles an acquire or a release is told so, and nobody knows what became of it", () => {
    const said = ended.saidOf("never-settles.mjs");
    expect(said).toMatch(/w1: release\(\) of \S+never-settles\.mjs has not settled within 15000 ms/);
    expect(said).toMatch(/w2: acquire\(\) has not settled by the end of the run/);
    const events = historyOf(ended.of("never-settles.mjs"));
    const unknown = events.filter(({ type, f }) => type === "info" && (f === "acquire" || f === "release"));
    expect(unknown.map(({ f, error }) => `${f}: ${error}`).toSorted()).toEqual([
      "acquire: the library has not settled it by the end of the run",
      "release: no answer within the harness's deadline of 15000 ms",
    ]);
  });

  it("that has a shortest time to live is not run below it", () => {
    const run = ended.of("short.mjs");
    expect(run).toMatchObject({ outcome: "skipped", exitCode: 2, folder: null });
    expect(JSON.stringify(run)).toMatch(
      /cannot lock for 10000 ms: the shortest time to live of short\.mjs is 60000 ms/,
    );
    expect(ended.saidOf("short.mjs")).not.toContain("phase load");
  });

  it("that writes to the standard output, and leaves something behind, is told so", () => {
    const said = ended.saidOf("noisy.mjs");
    expect(said).toMatch(/w1: \S+noisy\.mjs writes to the standard output/);
    expect(said).toMatch(/w1: \S+noisy\.mjs leaves something behind .*\(1 Timeout\)/);
    expect(ended.of("noisy.mjs")).toMatchObject({ outcome: "passed" });
  });

  it.each([
    ["of every client", "mock-of-all.mjs", ["w1", "w2", "w3", "w4"]],
    ["of one client", "mock-of-one.mjs", ["w2"]],
  ])("is not judged where its commands do not reach the servers under test: those %s", (_, file, named) => {
    const { doubts, claims } = ended.of(file);
    expect(new Set(doubts.map((doubt) => doubt.split(" ")[0]))).toEqual(new Set(named));
    for (const doubt of doubts) expect(doubt).toMatch(/its lock did not ask these servers/);
    // What the clients saw remains: two have had the lock at the same time.
    for (const { verdict } of claims) expect(["unknown", "broken"]).toContain(verdict);
  });
});

describe("an adapter that", () => {
  /** Two clients, which is all that these need: each client is a process. */
  const CAMPAIGN = `
import { campaign, promised, workers } from ${JSON.stringify(join(packageRoot, "campaigns/declare/index.ts"))};

export const two = campaign({
  name: "two-clients",
  title: "Two clients contend for a lock",
  description: "Nothing goes wrong but the lock itself.",
  suite: "quick",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: 10_000 },
  workers: workers("client", 2),
  loadMs: 2_000,
  claims: [promised("grant", "No two clients hold the lock at the same time.", "https://redis.io", "lock-overlap", { level: "grant" })],
});`;
  const moduleOf = (title: string): string => `${title.replaceAll(/[^a-z]+/g, "-")}.mjs`;

  let ended: Runs;

  beforeAll(async () => {
    const campaign = ["--campaign", adapters.file("two.campaign.mjs", CAMPAIGN)];
    ended = await runs(adapters, campaign, Object.fromEntries(UNKNOWN.map(([title, text]) => [moduleOf(title), text])));
  });

  it.each(UNKNOWN)("%s ends its run, which decides nothing", (title, _text, expected) => {
    const said = ended.saidOf(moduleOf(title));
    for (const each of expected) expect(said).toMatch(each);
    expect(said).toContain(join(adapters.folder, moduleOf(title)));
    expect(ended.of(moduleOf(title))).toMatchObject({ outcome: "undecided", exitCode: 2 });
    expect(ended.code).toBe(2);
  });
});
