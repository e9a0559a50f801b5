/** Histories from files: formats and compressions are found out. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadHistory } from "../../history/load.ts";
import { readHistory } from "../../history/read.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "redquake-load-"));
});
afterAll(() => rm(folder, { recursive: true }));

const OPERATIONS = 20_000;
const JSONL = Array.from(
  { length: OPERATIONS },
  (_, i) =>
    `{"process":${i},"type":"invoke","f":"write","value":"value ${i}"}\n{"process":${i},"type":"ok","f":"write"}\n`,
).join("");
const EDN = Array.from(
  { length: OPERATIONS },
  (_, i) => `{:process ${i}, :type :invoke, :f :write, :value "value ${i}"}\n{:process ${i}, :type :ok, :f :write}\n`,
).join("");

async function write(name: string, bytes: Buffer | string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return file;
}

describe("loading", () => {
  it.each([
    ["h.jsonl", JSONL],
    ["h.jsonl.gz", gzipSync(JSONL)],
    ["h.jsonl.zst", zstdCompressSync(JSONL)],
    ["members.gz", Buffer.concat([gzipSync(JSONL.slice(0, 100_001)), gzipSync(JSONL.slice(100_001))])],
    ["named-otherwise", gzipSync(EDN)],
    ["h.edn", EDN],
    ["h.edn.zst", zstdCompressSync(EDN)],
    ["vector.edn.gz", gzipSync(`[${EDN.replaceAll("\n", " ")}]`)],
    ["tagged", `#jepsen.history.Op${EDN}`],
  ])("%s", async (name, bytes) => {
    const file = await write(name, bytes);
    let seen = 0;
    const { columns, warnings } = await loadHistory(file, { onProgress: (total) => (seen = total) });
    expect(warnings).toEqual([]);
    expect(columns.length).toBe(OPERATIONS * 2);
    expect(columns.tape.json(columns.value[OPERATIONS] ?? 0)).toBe(`value ${OPERATIONS / 2}`);
    expect(seen).toBeGreaterThan(1_000_000);
  });

  it("gives objects of every format", async () => {
    const { history } = await readHistory(await write("small.edn", "{:process 0 :type :invoke :f :read}"));
    expect(history.operations).toHaveLength(1);
  });

  it("of an empty file gives an empty history", async () => {
    for (const name of ["empty.jsonl", "empty.edn", "empty"]) {
      expect((await loadHistory(await write(name, ""))).columns.length).toBe(0);
    }
    expect((await loadHistory(await write("empty.gz", gzipSync("")))).columns.length).toBe(0);
  });

  it.each([
    ["gzip", gzipSync(JSONL)],
    ["Zstandard", zstdCompressSync(JSONL)],
  ])("says that %s data is damaged, and up to which line it was read", async (name, bytes) => {
    const cut = await write("cut", bytes.subarray(0, bytes.length >> 1));
    await expect(loadHistory(cut)).rejects.toThrow(new RegExp(`cut, line \\d+: the ${name} data is damaged`));
    const changed = Buffer.from(bytes);
    changed.fill(0x55, 20, 200);
    await expect(loadHistory(await write("changed", changed))).rejects.toThrow(/the .* data is damaged/);
  });

  it("ends when it is asked to", async () => {
    const file = await write("long.jsonl", JSONL);
    await expect(loadHistory(file, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});
