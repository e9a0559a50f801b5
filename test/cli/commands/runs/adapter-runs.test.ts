/** Campaigns with a user's own lock, for real: a good one, and those that do what an adapter must not. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../../../machine/package-root.ts";
import type { AdapterFolder } from "../../../support/adapters.ts";
import { adapterFolder, blockingAdapter, goodAdapter } from "../../../support/adapters.ts";
import type { Ended } from "../../redquake.ts";
import { redquake } from "../../redquake.ts";

const ARGS = ["--host", "process", "--seed", "1", "--time-limit", "3s", "--json"];

function campaign(adapters: AdapterFolder, adapter: string, name = "lock-simple"): Promise<Ended> {
  return redquake(["campaigns", name, "--adapter", adapter, ...ARGS], { cwd: adapters.folder });
}

interface Event {
  readonly f: string;
  readonly type: string;
  readonly error?: string;
  readonly value: { readonly says?: unknown };
}

function historyOf({ stdout }: Ended): Event[] {
  const { folder } = JSON.parse(stdout) as { folder: string };
  const lines = readFileSync(join(folder, "history.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Event);
}

describe("a lock of the user's own", () => {
  it("is run in all campaigns that suit it, with nothing expected, and its plan names it", async () => {
    using adapters = adapterFolder();
    adapters.file("lock.mjs", goodAdapter());
    const ended = await campaign(adapters, "./lock.mjs", "lock-simple-paused-holder");
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      outcome: "passed",
      claims: [
        { standing: "hoped", expect: null },
        { standing: "hoped", expect: null },
      ],
    });
    const grant = historyOf(ended).find(({ f, type }) => f === "acquire" && type === "ok");
    expect(grant?.value.says).toEqual(["validUntil"]);
    const { folder } = JSON.parse(ended.stdout) as { folder: string };
    const plan: unknown = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"));
    expect(plan).toMatchObject({
      profile: "app",
      options: {
        lock: "good@1.0.0",
        adapter: { kind: "file", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      },
    });
    const changed = adapters.file("lock.mjs", `${goodAdapter()}// changed`);
    const refused = await redquake(["replay", folder], { cwd: adapters.folder });
    expect(refused).toMatchObject({ code: 254 });
    expect(refused.stderr).toContain(`\n  --allow-code 'file: ${changed}'\n`);
    const replayed = await redquake(["replay", folder, "--allow-code", `file: ${changed}`], { cwd: adapters.folder });
    expect(replayed).toMatchObject({ code: 254 });
    expect(replayed.stderr).toMatch(/is not the file any more/);
  });

  it("that says nothing of itself is found to free another's lock, too", async () => {
    using adapters = adapterFolder();
    const silent = goodAdapter().replace("validUntil: () => until,", "");
    adapters.file("delete.mjs", silent.replace("server.eval(RELEASE, 1, key, value)", "server.del(key)"));
    adapters.file("lock.mjs", silent);
    const verdicts = [];
    for (const file of ["./delete.mjs", "./lock.mjs"]) {
      const { stdout } = await campaign(adapters, file, "lock-plain-delete");
      verdicts.push((JSON.parse(stdout) as { claims: { verdict: string }[] }).claims[0]?.verdict);
    }
    expect(verdicts).toEqual(["broken", "holds"]);
  });

  it("may be able to wait only: what it gets late is a grant all the same, and is released", async () => {
    using adapters = adapterFolder();
    adapters.file("lock.mjs", blockingAdapter());
    const ended = await campaign(adapters, "./lock.mjs");
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: "passed" });
    const events = historyOf(ended);
    const count = (f: string, type: string): number =>
      events.filter((event) => event.f === f && event.type === type).length;
    expect(count("acquire", "ok")).toBe(count("release", "ok"));
    expect(count("acquire", "fail") + count("acquire", "info")).toBe(0);
  });

  it("is asked for its word where it has one, and believed no longer than it was heard", async () => {
    using adapters = adapterFolder();
    // It notices by itself, after the time to live: a watchdog that works.
    const watchful = goodAdapter().replace("validUntil: () => until,", "isHeld: () => Date.now() < until,");
    // And one that never does.
    const blind = goodAdapter().replace("validUntil: () => until,", "isHeld: () => true,");
    const verdicts = [];
    for (const text of [watchful, blind]) {
      const ended = await campaign(adapters, adapters.file("lock.mjs", text), "lock-simple-paused-holder");
      const { folder } = JSON.parse(ended.stdout) as { folder: string };
      const check = [
        "check",
        join(folder, "history.jsonl"),
        "--model",
        "lock-overlap",
        "--options",
        `{"level":"belief"}`,
      ];
      verdicts.push((await redquake(check)).stdout.match(/holds|broken/)?.[0]);
      expect(historyOf(ended).some(({ f, type }) => f === "belief" && type === "ok")).toBe(true);
    }
    expect(verdicts).toEqual(["holds", "broken"]);
  });

  it("is not put to the test by what is about fencing tokens, when it has none", async () => {
    using adapters = adapterFolder();
    adapters.file("lock.mjs", goodAdapter());
    const ended = await campaign(adapters, "./lock.mjs", "lock-fenced-delayed-write");
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: "not-applicable", claims: [{ applicable: false }] });
    await redquake(["merge", "results"], { cwd: adapters.folder });
    expect(readFileSync(join(adapters.folder, "results/junit.xml"), "utf8")).toMatch(/skipped="1"[^]*<skipped/);
    expect(readFileSync(join(adapters.folder, "results/index.html"), "utf8")).toContain("Not applicable");
    expect(readFileSync(join(adapters.folder, "results/summary.md"), "utf8")).toContain("1 not applicable");
  });

  it("may reject when somebody else has the lock, if it says so", async () => {
    using adapters = adapterFolder();
    adapters.file("lock.mjs", rejecting(`(error) => error.message === "locked"`));
    const ended = await campaign(adapters, "./lock.mjs");
    expect(ended.code).toBe(0);
    const acquires = historyOf(ended).filter(({ f, type }) => f === "acquire" && type !== "invoke");
    expect(new Set(acquires.map(({ type }) => type))).toEqual(new Set(["ok", "fail"]));
  });

  it("may be a program in another language", async () => {
    using adapters = adapterFolder();
    adapters.file(
      "lock.json",
      JSON.stringify({ command: `python3 ${join(packageRoot, "examples/python-lock/my_lock.py")}` }),
    );
    const ended = await campaign(adapters, "./lock.json");
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: "passed" });
    expect(ended.code).toBe(0);
  });
});

/** A lock that rejects for whatever it did not get. */
function rejecting(refused: string): string {
  return goodAdapter()
    .replace("name:", `refused: ${refused}, name:`)
    .replace(`"NX")) === null) return null;`, `"NX")) === null) throw new Error("locked");`);
}

const UNKNOWN: readonly (readonly [string, string, readonly RegExp[]])[] = [
  ["throws in open", goodAdapter(`throw new Error("no luck");`), [/throws in open\(\)/, /no luck\n\s+at .*lock\.mjs/]],
  [
    "returns nonsense",
    goodAdapter().replace("return {\n      async acquire", "return {\n      acquire: async () => true, async other"),
    [/nonsense from acquire\(\): it is true/],
  ],
  [
    "returns no client",
    `export default { name: "x", open: () => ({}) };`,
    [/returns no lock client.*it lacks `acquire`/],
  ],
  ["gives a token that is none", goodAdapter("", `token: "abc"`), [/fencing token must be a whole number/]],
  [
    "throws when it is asked what an error means",
    rejecting("(error) => error.of.nothing"),
    [/throws in refused\(\)/, /lock\.mjs/],
  ],
  ["cannot tell what an error means", rejecting("(error) => error.message"), [/returns string from refused\(\)/]],
  [
    "calls process.exit under load",
    goodAdapter().replace("const until", "process.exit(7); const until"),
    [/calls process\.exit\(7\)/, /at .*acquire .*lock\.mjs/],
  ],
  [
    "throws where nobody catches it",
    goodAdapter(`setTimeout(() => { throw new Error("late"); }, 50);`),
    [/that nobody caught/, /late/],
  ],
];

describe("an adapter that never settles", () => {
  it("an acquire or a release: it is told so, and nobody knows what became of it", async () => {
    using adapters = adapterFolder();
    const never = "return new Promise(() => undefined);";
    const text = goodAdapter("let grants = 0;")
      .replace("const value", `if (clientId === "w2" && attempts === 3) ${never} const value`)
      .replace(
        "return { release: async () => (",
        `const grant = (grants += 1); return { release: async () => { if (clientId === "w1" && grant === 2) ${never} return (`,
      )
      .replace("value)) === 1, validUntil", "value)) === 1; }, validUntil");
    adapters.file("lock.mjs", text);
    const ended = await campaign(adapters, "./lock.mjs");
    expect(ended.stderr).toMatch(/w1: release\(\) of \S+lock\.mjs has not settled within 15000 ms/);
    expect(ended.stderr).toMatch(/w2: acquire\(\) has not settled by the end of the run/);
    const unknown = historyOf(ended).filter(({ type, f }) => type === "info" && (f === "acquire" || f === "release"));
    expect(unknown.map(({ f, error }) => `${f}: ${error}`).toSorted()).toEqual([
      "acquire: the library has not settled it by the end of the run",
      "release: no answer within the harness's deadline of 15000 ms",
    ]);
  });
});

describe("an adapter that", () => {
  it.each(UNKNOWN)("%s ends its run, which decides nothing", async (_, text, expected) => {
    using adapters = adapterFolder();
    adapters.file("lock.mjs", text);
    const ended = await campaign(adapters, "./lock.mjs");
    for (const each of expected) expect(ended.stderr).toMatch(each);
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: "undecided" });
  });

  it("has a shortest time to live is not run below it", async () => {
    using adapters = adapterFolder();
    adapters.file("lock.mjs", goodAdapter().replace("name:", "minTtlMs: 60_000, name:"));
    const ended = await campaign(adapters, "./lock.mjs");
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: "skipped" });
    expect(ended.stdout).toMatch(/cannot lock for 10000 ms: the shortest time to live of good@1\.0\.0 is 60000 ms/);
    expect(readdirSync(adapters.folder)).not.toContain("lock-simple");
  });

  it("writes to the standard output, and leaves something behind, is told so", async () => {
    using adapters = adapterFolder();
    adapters.file("lock.mjs", goodAdapter(`console.log("hello"); setInterval(() => undefined, 1_000);`));
    const ended = await campaign(adapters, "./lock.mjs");
    expect(ended.stderr).toMatch(/w1: \S+lock\.mjs writes to the standard output/);
    expect(ended.stderr).toMatch(/w1: \S+lock\.mjs leaves something behind .*\(1 Timeout\)/);
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: "passed" });
  });
});

describe("a lock whose commands do not reach the servers under test", () => {
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

  it.each([
    ["of every client", "true", ["w1", "w2", "w3", "w4"]],
    ["of one client", `clientId === "w2"`, ["w2"]],
  ])("is not judged: %s", async (_, who, named) => {
    using adapters = adapterFolder();
    adapters.file("lock.mjs", mocking(who));
    const ended = await campaign(adapters, "./lock.mjs", "lock-simple");
    const { doubts, claims } = JSON.parse(ended.stdout) as {
      doubts: string[];
      claims: { verdict: string }[];
    };
    expect(new Set(doubts.map((doubt) => doubt.split(" ")[0]))).toEqual(new Set(named));
    for (const doubt of doubts) expect(doubt).toMatch(/its lock did not ask these servers/);
    // What the clients saw remains: two have had the lock at the same time.
    for (const { verdict } of claims) expect(["unknown", "broken"]).toContain(verdict);
  });
});
