/** What `redquake doctor` says of this machine, and of one that has nothing. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Survey } from "../../../../runner/equipment/survey.ts";
import { TOXIPROXY_VERSION } from "../../../../network/toxiproxy/version.ts";
import { redquake } from "../../redquake.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const TOPICS = ["Node.js", "redis-server", "fault shim", "container engine", "Toxiproxy", "left by killed runs"];

function finding({ findings }: Survey, topic: string): Survey["findings"][number] | undefined {
  return findings.find((each) => each.topic === topic);
}

describe("doctor", () => {
  it("tries what is here, and says in one line each what works", async () => {
    const { code, stdout } = await redquake(["doctor", "--results", folder], { env: { TMPDIR: folder } });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.at(-1)).toMatch(/^Campaigns can run here: --host process/);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^[✓✗–] .+: \S/);
    for (const topic of TOPICS) expect(stdout).toMatch(new RegExp(`^[✓✗–] ${topic}: `, "m"));
    expect(stdout).toContain(`✓ Node.js: ${process.version}`);
    expect(stdout).toContain(`✓ Toxiproxy: ${TOXIPROXY_VERSION} (embedded)`);
  });

  it("has loaded the shim into a real server, where there is a compiler", async () => {
    const { stdout } = await redquake(["doctor", "--json", "--results", folder], { env: { TMPDIR: folder } });
    const survey = JSON.parse(stdout) as Survey;
    expect(survey.hosts).toContain("process");
    const shim = finding(survey, "fault shim");
    if (shim?.state === "no") expect(shim.text).toMatch(/install a C compiler|works on Linux only/);
    else expect(shim?.text).toMatch(/shows the time that it was told|no server yet/);
  });

  it("tells a machine that has nothing what to install, and ends with 2", async () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    const { code, stdout } = await redquake(["doctor", "--json", "--results", folder], {
      env: {
        PATH: empty,
        REDQUAKE_CACHE: join(folder, "cache"),
        DOCKER_HOST: "tcp://127.0.0.1:1",
        TMPDIR: folder,
        CC: "",
      },
    });
    expect(code).toBe(2);
    const survey = JSON.parse(stdout) as Survey;
    expect(survey.hosts).toEqual([]);
    expect(finding(survey, "redis-server")).toMatchObject({
      state: "no",
      text: expect.stringMatching(/^there is no redis-server to run: /),
    });
    expect(finding(survey, "fault shim")).toMatchObject({ state: "no" });
    expect(finding(survey, "container engine")).toEqual({
      topic: "container engine",
      state: "no",
      text: "no container engine answers at DOCKER_HOST=tcp://127.0.0.1:1 (ECONNREFUSED)",
      remedy: "start Docker, or set DOCKER_HOST",
    });
    expect(finding(survey, "faults of packets: drop, loss")).toMatchObject({ state: "no" });
  });

  it("finds what a killed run has left, and leaves it where it is", async () => {
    const left = mkdtempSync(join(folder, "redquake-"));
    // No process has such an id (proc(5), pid_max).
    writeFileSync(join(left, "coordinator"), "4194305:1");
    const { stdout } = await redquake(["doctor", "--json", "--results", folder], { env: { TMPDIR: folder } });
    expect(finding(JSON.parse(stdout) as Survey, "left by killed runs")).toEqual({
      topic: "left by killed runs",
      state: "note",
      // Other users of this machine may have left processes and containers, but their folders are elsewhere.
      text: expect.stringMatching(
        /^processes: \d+, containers: \d+, temporary folders: 1; runs: .*the run with the id \w{6}/,
      ),
      remedy: "redquake clean, which every campaign's start does too",
    });
    expect(existsSync(left)).toBe(true);
  });
});
