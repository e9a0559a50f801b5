/**
 * `npm run check`: formatting, linting, types, what nothing uses, the links and the width of prose, side by side. It
 * ends with 1 when one fails.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { packageRoot } from "../machine/package-root.ts";

interface Tool {
  readonly name: string;
  /** From the checkout's root. */
  readonly script: string;
  readonly args: readonly string[];
  /** What to do when it fails. */
  readonly remedy: string;
}

const TOOLS: readonly Tool[] = [
  {
    name: "prettier",
    script: "node_modules/prettier/bin/prettier.cjs",
    args: ["--check", "--log-level=warn", "."],
    remedy: "npm run format",
  },
  {
    name: "oxlint",
    script: "node_modules/oxlint/bin/oxlint",
    args: ["--type-aware", "--deny-warnings"],
    remedy: "correct what is named above",
  },
  { name: "tsc", script: "node_modules/typescript/bin/tsc", args: ["-p", "."], remedy: "correct what is named above" },
  {
    name: "tsc of the report's page",
    script: "node_modules/typescript/bin/tsc",
    args: ["-p", "report/page"],
    remedy: "correct what is named above",
  },
  {
    name: "knip",
    script: "node_modules/knip/bin/knip.js",
    // The settings of the build tell it which source each entry point of the package is made of.
    args: ["--tsConfig", "tsconfig.build.json", "--treat-config-hints-as-errors", "--no-progress"],
    remedy: "delete what is unused, or do not export it; what is started by its file name is an entry in knip.json",
  },
  { name: "links", script: "setup/links.ts", args: [], remedy: "correct the links that are named above" },
  { name: "prose", script: "setup/prose.ts", args: [], remedy: "wrap or reword what is named above" },
];

/** Returns whether it found nothing. */
async function run({ name, script, args, remedy }: Tool): Promise<boolean> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(packageRoot, script), ...args], {
    cwd: packageRoot,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  if (code === 0) {
    console.log(`${name}: passed in ${seconds} s`);
    return true;
  }
  console.log(`${output}${errors}${name}: FAILED after ${seconds} s: ${remedy}`);
  return false;
}

const passed = await Promise.all(TOOLS.map(run));
process.exitCode = passed.every(Boolean) ? 0 : 1;
