import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepDocument } from "../../history/keep-document.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keep-document-test-"));
  file = join(folder, "run.json");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** For the next document that is written beside the old one: a device that has no room for a single byte. */
function fillDisk(): void {
  symlinkSync("/dev/full", `${file}.${process.pid}.tmp`);
}

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
    fillDisk();
    keepDocument(file, { reason: after });
    expect(kept()).toEqual({ reason: after });
    expect(readdirSync(folder)).toEqual(["run.json"]);
  });

  it("says that there is no room where there is no old one", () => {
    fillDisk();
    expect(() => keepDocument(file, {})).toThrow(/ENOSPC/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
