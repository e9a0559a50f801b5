/** `--faults`: other faults than the campaign's own, on real servers, and what is said of those that cannot be. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { campaigns } from "../../../../campaigns/index.ts";
import type { Verdict } from "../../../../checkers/judge/verdict.ts";
import type { RunFacts } from "../../../../store/run-facts.ts";
import type { Plan } from "../../../../history/plan.ts";
import { faultMoment } from "../../../../history/nemesis-event.ts";
import { readHistory } from "../../../../history/read.ts";
import { faultsReplacement } from "../../../../session/replace/replace-faults.ts";
import { redquake } from "../../redquake.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "faults-flag-test-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const planOf = (name: string): Plan => {
  const campaign = campaigns.find((each) => each.name === name);
  if (campaign === undefined) throw new RangeError(`there is no campaign ${name}`);
  return campaign.plan(7);
};

describe("a run with faults that are written by hand", () => {
  it("does not pass where nobody got a lock from the fault on", async () => {
    const run = ["campaigns", "lock-simple", "--seed", "7", "--json", "--host", "process"];
    const faults = ["--faults", "at 1500ms: kill n1", "--results", join(folder, "results")];
    const { code, stdout } = await redquake([...run, ...faults], { env: { TMPDIR: folder } });
    const { outcome, claims } = JSON.parse(stdout) as {
      outcome: string;
      claims: { verdict: string; reason: string }[];
    };
    expect(claims.map(({ verdict }) => verdict)).toEqual(["vacuous", "vacuous", "vacuous"]);
    expect(claims[0]?.reason).toMatch(
      /^No acquire succeeded between \d+\.\d+ s, when “SIGKILL n1.*” acted, and the end of the load/,
    );
    expect([outcome, code]).toEqual(["undecided", 2]);
  });

  it("has them, expects nothing, and tells how to repeat it", async () => {
    const file = join(folder, "faults.txt");
    writeFileSync(
      file,
      `# the holder sleeps, and then a client's link is cut
       sleep: on acquire #3: pause holder for 1500ms
       after sleep healed +100ms: link w1 <-> n1 drop for 300ms\n`,
    );
    const run = [
      "campaigns",
      "lock-simple-paused-holder",
      "--seed",
      "7",
      "--time-limit",
      "5s",
      "--json",
      "--host",
      "process",
    ];
    const { code, stdout, stderr } = await redquake([...run, "--faults", file, "--results", join(folder, "results")], {
      env: { TMPDIR: folder },
    });
    const line = JSON.parse(stdout) as {
      folder: string;
      outcome: string;
      sentence: string;
      claims: { expect: null }[];
    };
    expect(line.outcome, `${line.sentence} ${stderr}`).toBe("passed");
    expect(code).toBe(0);
    expect(line.claims.map((claim) => claim.expect)).toEqual(line.claims.map(() => null));
    const stored = (name: string): unknown => JSON.parse(readFileSync(join(line.folder, name), "utf8"));
    const plan = stored("plan.json") as Plan;
    expect(plan.faults).toEqual([
      {
        id: "sleep",
        kind: "pause",
        options: { target: "holder" },
        start: { on: { event: "acquire", occurrence: 3 } },
        end: { afterMs: 1_500 },
      },
      {
        id: "link",
        kind: "link",
        options: { from: "w1", to: "n1", how: "drop" },
        start: { after: { fault: "sleep", stage: "healed" }, afterMs: 100 },
        end: { afterMs: 300 },
      },
    ]);
    expect(plan.description).toMatch(/This run has other faults than the campaign's own. .* by hand\.$/);
    expect((stored("verdict.json") as Verdict).doubts).toEqual([]);
    const { history } = await readHistory(join(line.folder, "history.jsonl"));
    const healed = history.nemesis.map(faultMoment).filter((moment) => moment?.stage === "healed");
    expect(healed.map((moment) => [moment?.fault, moment?.probe?.ok])).toEqual([
      ["sleep", true],
      ["link", true],
    ]);
    expect((stored("run.json") as RunFacts).commandLine).toContain(
      "--faults 'sleep: on acquire #3: pause holder for 1500ms; link: after sleep healed +100ms: link w1 <-> n1 drop for 300ms'",
    );
  });
});

describe("--faults", () => {
  it.each([
    [["at 1s: puase w1"], /there is no fault "puase" \(did you mean pause\?\)/],
    [
      ["at 1s: pause w9"],
      /the fault "pause" names "w9", which lock-simple does not have \(did you mean w1 or w2 or w3\?\)/,
    ],
    [
      ["at 1s: kill n1; at 2s: pause n1"],
      /the faults of lock-simple make no sense together: "pause" strikes n1 while "kill" keeps it down until the load ends: .*`after kill healed`/,
    ],
    [["sede"], /there is no file "sede" \(did you mean seeded\?\)/],
    [["at 1s: pause w1", "--intensity", "2"], /--intensity is for faults that are drawn/],
    [["swarm", "--intensity", "many"], /a number of faults a second/],
  ])("%j is refused before anything is started", async (args, message) => {
    const { code, stderr } = await redquake([
      "campaigns",
      "lock-simple",
      "--results",
      join(folder, "results"),
      "--faults",
      ...args,
    ]);
    expect(stderr).toMatch(message);
    expect(code).toBe(254);
  });

  it("says the same of --intensity alone", async () => {
    await expect(faultsReplacement({ intensity: 2 })).rejects.toThrow(/add --faults seeded or --faults swarm/);
    expect(await faultsReplacement({})).toBeUndefined();
  });

  it.each(["seeded", "swarm"])("%s draws faults from the plan's seed, for every system", async (faults) => {
    const replacement = await faultsReplacement({ faults, intensity: 2 });
    expect(replacement?.flags).toBe(`--faults ${faults} --intensity 2`);
    for (const name of ["lock-simple", "redlock-minority-down", "sentinel-split-brain", "cluster-isolated-primary"]) {
      const plan = replacement?.apply(planOf(name));
      expect(plan).toEqual(replacement?.apply(planOf(name)));
      expect(plan?.faults.length).toBeGreaterThan(0);
      expect(plan?.description).toMatch(/one every 500 ms on average/);
      expect(plan?.claims.map(({ standing, expect }) => [standing, expect])).toEqual(
        planOf(name).claims.map(({ standing }) => [standing, undefined]),
      );
    }
  });

  it("repeats a schedule in the words of a shell", async () => {
    const replacement = await faultsReplacement({ faults: `"it's": at 1s: pause w1` });
    expect(replacement?.flags).toBe(String.raw`--faults '"it'\''s": at 1s: pause w1'`);
  });
});
