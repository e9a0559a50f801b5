/** Modules of the user's own: what they export is found, and a name that is taken is refused. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockSimplePausedHolder } from "../../../campaigns/locks/holders/paused-holder.ts";
import { isChecker } from "../../../checkers/registry.ts";
import type { Claim } from "../../../history/plan.ts";
import { UsageError } from "../../../machine/usage-error.ts";
import { FAULT_KINDS, faultKind } from "../../../nemesis/registry.ts";
import { checkPlan } from "../../../session/plan/check-plan.ts";
import { loadModulesOf, withheldModules } from "../../../session/plan/own-modules.ts";
import { roleNamed } from "../../../workloads/registry.ts";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "own-modules-test-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KIND = `const mark = (kind, definition) => ({ ...definition, [Symbol.for("redquake.kind")]: kind });`;

function module(name: string, code: string): string {
  const file = join(folder, name);
  writeFileSync(file, `${KIND}\n${code}\n`);
  return file;
}

describe("a module of the user's own", () => {
  it("gives its kinds to this process, and is not withheld from it any more", async () => {
    const file = module(
      "kinds.mjs",
      `export const workload = mark("workload", { name: "mine", roles: { client: { options: {}, events: [] } } });
       export const fault = mark("fault", { kind: "my-fault", options: {} });
       export const again = fault;
       export const checker = mark("checker", { name: "my-checker", needs: { operations: [] }, check: () => ({}) });
       export const nothing = 1;`,
    );
    expect(withheldModules({ modules: [file] }, [])).toEqual([`module: ${file}`]);
    expect(withheldModules({ modules: [file] }, [`module: ${file}`])).toEqual([]);
    await loadModulesOf({ modules: [file] });
    await loadModulesOf({ modules: [file] });
    expect(roleNamed("mine", "client").events).toEqual([]);
    expect(FAULT_KINDS.filter((name) => name === "my-fault")).toHaveLength(1);
    expect(faultKind("my-fault").kind).toBe("my-fault");
    expect(isChecker("my-checker")).toBe(true);
    expect(withheldModules({ modules: [file] }, [])).toEqual([]);
  });

  it.each([
    ["a workload", `mark("workload", { name: "lock", roles: {} })`, /there is a workload "lock" already/],
    ["a fault", `mark("fault", { kind: "pause", options: {} })`, /there is a fault "pause" already/],
    [
      "a checker",
      `mark("checker", { name: "lock-overlap", needs: { operations: [] }, check: () => ({}) })`,
      /there is a checker "lock-overlap" already/,
    ],
  ])("is refused where %s has the name of another one", async (what, code, message) => {
    const file = module(`${what.replace(" ", "-")}.mjs`, `export const it = ${code};`);
    const loading = loadModulesOf({ modules: [file] });
    await expect(loading).rejects.toThrow(UsageError);
    await expect(loading).rejects.toThrow(message);
  });

  it("is refused where it cannot be loaded, with the reason", async () => {
    const file = module("broken.mjs", "throw new Error('not today');");
    await expect(loadModulesOf({ modules: [file] })).rejects.toThrow(/broken\.mjs" cannot be loaded: .*not today/);
  });

  it("whose checker fails for a history without events is named before anything starts, with what it threw", async () => {
    const file = module(
      "fails.mjs",
      `export const it = mark("checker", {
         name: "fails-on-nothing",
         needs: { operations: [] },
         check: () => { throw new RangeError("no first event"); },
       });`,
    );
    await loadModulesOf({ modules: [file] });
    const plan = lockSimplePausedHolder.plan(7);
    const [claim] = plan.claims as [Claim, ...Claim[]];
    const claims = [{ ...claim, id: "mine", checker: "fails-on-nothing", options: {} }];
    const check = (): void => checkPlan({ ...plan, claims }, { hasOwnFaults: true });
    expect(check).toThrow(UsageError);
    expect(check).toThrow(/"fails-on-nothing" of .*fails\.mjs cannot judge the claim "mine".*: no first event;/);
  });
});
