/** Several locks under the same faults, for real: one table, the same on the list of runs and as a document. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { redquake } from "../../redquake.ts";

const results = mkdtempSync(join(tmpdir(), "test-results-"));
afterAll(() => rmSync(results, { recursive: true }));

describe("campaigns with several locks", () => {
  it("make one table of locks × campaigns, which the list of runs and the document have too", async () => {
    const args = ["--adapter", "plain-delete", "--adapter", "fenced", "--adapter", "redlock"];
    const campaigns = ["lock-plain-delete", "redlock-script-flush"];
    const flags = ["--jobs", "2", "--host", "process", "--seed", "5", "--results", results];
    const { stdout, code } = await redquake(["campaigns", ...campaigns, ...args, ...flags]);
    expect(stdout).toMatch(/campaign +plain-delete +fenced +redlock\n/);
    expect(stdout).toMatch(/lock-plain-delete +broken: grant, +holds +not applicable\n +release\n/);
    expect(stdout).toMatch(/redlock-script-flush +not applicable +not applicable +holds\n/);
    // What the campaign only hopes of its own lock, which is broken on purpose, is promised of every other one.
    expect(code).toBe(1);
    // The same campaign and seed twice at once: two runs.
    expect(readdirSync(join(results, "lock-plain-delete"))).toHaveLength(2);
    expect(readFileSync(join(results, "index.html"), "utf8")).toContain('<section id="locks">');

    const document = await redquake(["adapters-report", results]);
    expect(document.code).toBe(0);
    expect(document.stdout).toMatch(
      /\| \[lock-plain-delete\]\(#lock-plain-delete\) \| holds \| broken: grant, release \|/,
    );
  });

  it("have a document of their own kind only", async () => {
    const none = await redquake(["adapters-report", results, "--kind", "delivery"]);
    expect(none).toMatchObject({ code: 254 });
    expect(none.stderr).toMatch(
      /has no run of a campaign of delivery with an adapter: make some with campaigns delivery/,
    );
    const unknown = await redquake(["adapters-report", results, "--kind", "queues"]);
    expect(unknown.stderr).toMatch(/--kind: there is no kind "queues"; there are locks, /);
  });

  it("say nothing of a lock that does nothing by itself, in a campaign about what keeps a lock alive", async () => {
    const args = ["--adapter", "simple", "--adapter", "watched", "--adapter", "reacquires-in-refresh"];
    const flags = ["--jobs", "2", "--host", "process", "--seed", "5", "--results", results];
    const { stdout, code } = await redquake(["campaigns", "lock-late-refresh", ...args, ...flags]);
    expect(stdout).toMatch(/lock-late-refresh +not applicable +holds +broken: belief/);
    expect(code).toBe(1);
  });

  it("are refused where two call themselves the same, or nothing suits", async () => {
    const twice = await redquake(["campaigns", "lock-simple", "--adapter", "simple", "--adapter", "simple"]);
    expect(twice).toMatchObject({ code: 254 });
    expect(twice.stderr).toMatch(/both call themselves simple/);
    const none = await redquake(["campaigns", "lock-simple", "--adapter", "redlock"]);
    expect(none).toMatchObject({ code: 254 });
    expect(none.stderr).toMatch(/redlock cannot be put through lock-simple/);
  });
});

describe("bisect", () => {
  it.each([
    [
      ["redis-semaphores/Mutex", "lock-late-refresh"],
      /there is no library "redis-semaphores\/Mutex@5\.3\.0" \(did you mean redis-semaphore\/Mutex@5\.3\.0/,
    ],
    [["redis-semaphore/Mutex", "lock-late-refreshes"], /did you mean lock-late-refresh or redlock-late-refresh/],
  ])("refuses %j", async (named, message) => {
    const ended = await redquake(["bisect", ...named, "--from", "5.3.0", "--to", "5.8.0"]);
    expect(ended).toMatchObject({ code: 254 });
    expect(ended.stderr).toMatch(message);
  });
});
