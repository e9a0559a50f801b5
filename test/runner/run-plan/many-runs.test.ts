/** A session of many runs keeps nothing of those that are over. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("./many-runs.ts", import.meta.url));
const RUNS = 300;

it("opens and closes 300 runs with no more than 72 descriptors", async () => {
  const folder = mkdtempSync(join(tmpdir(), "many-runs-test-"));
  const temporary = mkdtempSync(join(tmpdir(), "many-runs-tmp-"));
  try {
    const command = `ulimit -n 72; exec "${process.execPath}" --no-warnings "${SCRIPT}" "${folder}" ${RUNS}`;
    const { stdout } = await promisify(execFile)("/bin/sh", ["-c", command], {
      env: { ...process.env, TMPDIR: temporary },
    });
    expect(stdout).toBe(`${RUNS}\n`);
    expect(readdirSync(temporary)).toEqual([]);
  } finally {
    for (const each of [folder, temporary]) rmSync(each, { recursive: true, force: true });
  }
}, 300_000);
