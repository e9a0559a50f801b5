/** Files that would take all memory, never end, or lead elsewhere. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isTooDeep } from "../../history/readers/depth.ts";
import { loadHistory } from "../../history/load.ts";
import { FileRefusal, readOwnFile } from "../../history/readers/open-file.ts";
import { writeWhole, writeWholeSync } from "../../history/live/write-whole.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "strange-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("reading", () => {
  it("refuses named pipes and devices, also where a link leads there", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    symlinkSync("/dev/zero", join(folder, "zeros"));
    await expect(loadHistory(pipe)).rejects.toThrow("pipe is a named pipe, and only regular files are read");
    await expect(loadHistory(join(folder, "zeros"))).rejects.toThrow("zeros is a device");
    await expect(readOwnFile(pipe, 10)).rejects.toThrow(FileRefusal);
  });

  it("follows a link that a user names, and none in a stored run", async () => {
    writeFileSync(join(folder, "theirs"), '{"process":0,"type":"invoke","f":"read"}\n');
    symlinkSync("theirs", join(folder, "link"));
    expect((await loadHistory(join(folder, "link"))).columns.length).toBe(1);
    await expect(loadHistory(join(folder, "link"), { ofRun: true })).rejects.toThrow("link is a symbolic link");
    await expect(readOwnFile(join(folder, "link"), 1_000)).rejects.toThrow("link is a symbolic link");
  });

  it("refuses a file beyond its limit", async () => {
    writeFileSync(join(folder, "large"), "x".repeat(2 ** 20 + 1));
    await expect(readOwnFile(join(folder, "large"), 2 ** 20)).rejects.toThrow("large is larger than 1 MiB");
  });

  it.each([
    ["brackets", "[".repeat(501), true],
    ["brackets that can be", "[".repeat(500), false],
    ["objects", '{"a":'.repeat(501), true],
    ["brackets one after the other", "[[],[]]".repeat(1_000), false],
    ["brackets in a text", JSON.stringify('["\\'.repeat(1_000)), false],
  ])("knows how deep a text is by its %s", (_, text, tooDeep) => {
    expect(isTooDeep(text)).toBe(tooDeep);
  });
});

describe("writing", () => {
  it.each([
    ["at once", (file: string): Promise<string> => Promise.resolve(writeWholeSync(file, "new"))],
    ["beside others", (file: string): Promise<string> => writeWhole(file, "new")],
  ])("replaces links and does not follow them, %s", async (_, write) => {
    const precious = join(folder, "precious");
    const file = join(folder, "verdict.json");
    writeFileSync(precious, "precious");
    symlinkSync(precious, file);
    // The name of the draft can be guessed.
    symlinkSync(precious, `${file}.${process.pid}.tmp`);
    await write(file);
    expect(lstatSync(file).isFile()).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(readFileSync(precious, "utf8")).toBe("precious");
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("leaves nothing behind where it fails", async () => {
    mkdirSync(join(folder, "verdict.json"));
    writeFileSync(join(folder, "verdict.json", "inside"), "");
    await expect(writeWhole(join(folder, "verdict.json"), "new")).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(readdirSync(folder)).toEqual(["verdict.json"]);
    expect(existsSync(join(folder, "verdict.json", "inside"))).toBe(true);
  });
});
