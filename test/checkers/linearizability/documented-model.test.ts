/** The worked example of docs/linearizability.md does what the page says. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { packageRoot } from "../../../machine/package-root.ts";

const page = readFileSync(join(packageRoot, "docs/linearizability.md"), "utf8");

function block(language: string): string {
  const found = new RegExp(`\`\`\`${language} own-model\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (found === undefined) throw new Error(`docs/linearizability.md has no block "${language} own-model"`);
  return found;
}

it("the model on the page prints what the page says", async () => {
  const folder = mkdtempSync(join(tmpdir(), "own-model-"));
  try {
    const file = join(folder, "own-model.ts");
    writeFileSync(file, block("ts").replaceAll(/"redquake\/(\w+)"/g, `"${packageRoot}/$1/index.ts"`));
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout).toBe(block("text"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
