#!/usr/bin/env node
// The package's command. It is written so that old Nodes can read it and say what is wrong with them.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants, homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const RUNS_ON = 24;
const bin = fileURLToPath(import.meta.url);
const root = dirname(dirname(bin));
const isPackage = basename(dirname(root)) === "node_modules";

/** The folder of what is compiled, which a checkout makes of its sources as they are now. */
async function build() {
  if (isPackage) return join(root, "dist");
  const { compiledCheckout } = await import(pathToFileURL(join(root, "setup", "compiled-checkout.ts")).href);
  return compiledCheckout();
}

/** The Node.js that npm installed as an optional dependency, where it has one for this machine. */
function pinnedNode() {
  const folders = [join(root, "node_modules"), dirname(root)];
  return folders.map((folder) => join(folder, ".bin", "node")).find((file) => existsSync(file));
}

/** The terminal's Ctrl-C reaches the child too, so it is only waited for; SIGTERM and SIGHUP are handed on. */
function runOn(node) {
  const child = spawn(node, [bin, ...process.argv.slice(2)], { stdio: "inherit" });
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.once("exit", (code, signal) => {
    process.exitCode = code === null ? 128 + constants.signals[signal] : code;
  });
}

function refuse() {
  const remedy = isPackage
    ? "install a newer one from https://nodejs.org"
    : "use `npm run redquake -- …`, which brings its own";
  process.stderr.write(
    `redquake: Node.js ${RUNS_ON} or newer is needed, and this is ${process.versions.node}: ${remedy}\n`,
  );
  process.exitCode = 255;
}

/** A run starts half a dozen processes, and each would compile it all anew. */
function keepCompiled() {
  // The folder of machine/cache-folder.ts, which cannot be loaded before this.
  const shared = process.env.XDG_CACHE_HOME ?? "";
  const cache = process.env.REDQUAKE_CACHE || join(isAbsolute(shared) ? shared : join(homedir(), ".cache"), "redquake");
  process.env.NODE_COMPILE_CACHE ||= join(cache, "compiled");
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
}

if (Number(process.versions.node.split(".")[0]) >= RUNS_ON) {
  keepCompiled();
  await import(pathToFileURL(join(await build(), "cli", "main.js")).href);
} else if (pinnedNode() !== undefined) {
  runOn(pinnedNode());
} else {
  refuse();
}
