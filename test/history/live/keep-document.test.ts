import type * as FileSystem from "node:fs";
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepDocument } from "../../../history/live/keep-document.ts";

/**
 * New files find no room while it is set; what is there already can be written over. A really full disk is tested with
 * whole runs.
 */
const disk = vi.hoisted(() => ({ full: false }));

vi.mock("node:fs", async (original) => {
  const real = await original<typeof FileSystem>();
  const writeNew: typeof FileSystem.writeFileSync = (...given) => {
    if (disk.full) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    real.writeFileSync(...given);
  };
  return { ...real, writeFileSync: writeNew };
});

let folder: string;
let file: string;

beforeEach(() => {
  disk.full = false;
  folder = mkdtempSync(join(tmpdir(), "keep-document-test-"));
  file = join(folder, "run.json");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function kept(): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

describe("a document that is kept", () => {
  it("replaces the old one, and leaves nothing beside it", () => {
    keepDocument(file, { ended: false });
    keepDocument(file, { ended: true });
    expect(kept()).toEqual({ ended: true });
    expect(readdirSync(folder)).toEqual(["run.json"]);
  });

  it.each([
    ["shorter", "x".repeat(500), "short"],
    ["longer", "", "the reason of a failure ".repeat(40)],
  ])("is written where the old one lies when the disk is full: a %s one", (_what, before, after) => {
    keepDocument(file, { reason: before }, 2_048);
    disk.full = true;
    keepDocument(file, { reason: after });
    expect(kept()).toEqual({ reason: after });
    expect(readdirSync(folder)).toEqual(["run.json"]);
  });

  it("says that there is no room where there is no old one", () => {
    disk.full = true;
    expect(() => keepDocument(file, {})).toThrow(/ENOSPC/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("follows no link that lies where its draft goes", () => {
    const precious = join(folder, "precious");
    writeFileSync(precious, "precious");
    symlinkSync(precious, `${file}.${process.pid}.tmp`);
    keepDocument(file, { ended: true });
    expect(readFileSync(precious, "utf8")).toBe("precious");
    expect(kept()).toEqual({ ended: true });
  });
});
