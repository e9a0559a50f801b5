/**
 * `node setup/bootstrap.js SCRIPT ARGS…`: makes a fresh clone ready, then runs SCRIPT on the Node.js that the project
 * pins, or with `REDQUAKE_NODE=system` on the one that npm was started with: for trying another version.
 *
 * Everything starts here, so this file is plain JavaScript that Node 20 understands and that needs no installed
 * package. What it has to do on every start but the first is to compare two lockfiles.
 */
import { execFileSync, spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { constants } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const cache = join(root, ".cache");
const lock = join(cache, "install.lock");
/** Where Node.js keeps what it has compiled: a run starts many processes, and each would compile it all anew. */
const compiled = join(cache, "compiled");

/** The oldest Node.js on which npm installs the project and this file runs; the project itself runs on `RUNS_ON`. */
const STARTS_ON = [20, 19];
const RUNS_ON = 24;
/** How often somebody who waits hears that it is still going on. */
const HEARTBEAT_MS = 10_000;
/** How often it is looked whether another start has finished its installation. */
const POLL_MS = 100;

class SetupError extends Error {}

/** The signal that asked for the end while an installation was going on. */
class Interrupted extends Error {
  constructor(signal) {
    super(signal);
    this.signal = signal;
  }
}

function say(line) {
  process.stderr.write(`redquake: ${line}\n`);
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function isNodeAtLeast([major, minor], version = process.versions.node) {
  const [ownMajor, ownMinor] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/**
 * Whether node_modules holds what the lockfile asks for. npm keeps its own record of what it installed in
 * `node_modules/.package-lock.json`; it lacks the optional packages that are not for this machine.
 */
function isInstalled() {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return false;
  const wanted = readJson(join(root, "package-lock.json")).packages;
  const installed = readJson(record).packages;
  for (const path of Object.keys(installed)) {
    if (wanted[path] === undefined) return false;
  }
  for (const [path, { version, integrity, optional }] of Object.entries(wanted)) {
    if (path === "") continue;
    const present = installed[path];
    if (present === undefined && optional === true) continue;
    if (present === undefined || present.version !== version || present.integrity !== integrity) return false;
  }
  return true;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return error.code === "EPERM";
  }
}

/**
 * Takes the lock, or returns the process id of who has it. The lock only saves work: two installations at once are
 * harmless, as each is made in a folder of its own and appears with one rename. So nothing bad comes of a stale lock or
 * a lost race.
 */
function takeLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return undefined;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  const owner = Number(existsSync(lock) ? readFileSync(lock, "utf8") : "");
  if (owner > 0 && isAlive(owner)) return owner;
  writeFileSync(lock, String(process.pid));
  return undefined;
}

/** Resolves when another start has finished its installation, or has given up. */
async function waitForOther(owner) {
  say(`process ${owner} is installing the dependencies; waiting for it`);
  const start = performance.now();
  let heard = start;
  while (existsSync(lock) && isAlive(owner) && !isInstalled()) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (performance.now() - heard < HEARTBEAT_MS) continue;
    heard = performance.now();
    say(`still waiting for process ${owner} (${seconds(start)})`);
  }
}

async function install() {
  mkdirSync(cache, { recursive: true });
  for (let owner = takeLock(); owner !== undefined; owner = takeLock()) {
    await waitForOther(owner);
    if (isInstalled()) return;
  }
  removeLeftovers();
  const staging = join(cache, `install-${process.pid}`);
  try {
    mkdirSync(staging);
    for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
      if (existsSync(join(root, file))) copyFileSync(join(root, file), join(staging, file));
    }
    const start = performance.now();
    say(
      `installing the dependencies with npm ci, as ${existsSync(modules) ? "the lockfile has changed" : "this is the first start"} …`,
    );
    await npmCi(staging, start);
    publish(join(staging, "node_modules"));
    say(`dependencies installed in ${seconds(start)}`);
  } finally {
    rmSync(staging, { recursive: true, force: true });
    rmSync(lock, { force: true });
  }
}

/** Removes what installations that were killed half-way have left behind. */
function removeLeftovers() {
  for (const name of readdirSync(cache)) {
    const owner = /^(?:install|replaced)-(\d+)$/.exec(name)?.[1];
    if (owner === undefined || (Number(owner) !== process.pid && isAlive(Number(owner)))) continue;
    rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/** Puts the finished installation in place, unless another start has just done so. */
function publish(installed) {
  const old = join(cache, `replaced-${process.pid}`);
  try {
    if (isInstalled()) return;
    if (existsSync(modules)) renameSync(modules, old);
    renameSync(installed, modules);
  } catch (error) {
    if (isInstalled()) return;
    throw new SetupError(
      `the dependencies are installed, but cannot be moved to ${modules} (${error.message}): run \`npm ci\` there yourself, then start again`,
    );
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}

/** @param folder has the package.json and the lockfile */
async function npmCi(folder, start) {
  // Under `npm run`, this names the npm that runs us; otherwise it is looked for on PATH.
  const own = process.env.npm_execpath;
  const [command, first] =
    own !== undefined && basename(own) === "npm-cli.js" ? [process.execPath, [own]] : ["npm", []];
  const heartbeat = setInterval(() => say(`still installing (${seconds(start)})`), HEARTBEAT_MS);
  try {
    const args = ["ci", "--prefix", folder, "--loglevel=error"];
    // NODE_ENV=production must not leave out the tools that check and test. npm's own output is no data: it goes to
    // stderr.
    const ended = await run(command, [...first, ...args, "--include=dev"], { cwd: folder, stdio: ["ignore", 2, 2] });
    if (ended.failure !== undefined) {
      throw new SetupError(
        `the dependencies are not installed, and there is no npm on PATH that runs (${ended.failure.message}): install npm, or Node.js with npm`,
      );
    }
    if (ended.interrupted !== undefined) throw new Interrupted(ended.interrupted);
    if (ended.code !== 0) {
      throw new SetupError(
        `npm ci ended with ${ended.code ?? ended.signal} and said why above. ` +
          `Once the cause is gone (no network? a registry that cannot be reached? a full disk?), run the same command again`,
      );
    }
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * Runs a command to its end. The terminal sends SIGINT (and SIGQUIT) to it as well as to us, so we only wait; SIGTERM
 * and SIGHUP are handed on.
 */
function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    let interrupted;
    const listeners = { SIGINT: onSignal, SIGQUIT: onSignal, SIGTERM: forward, SIGHUP: forward };
    function onSignal(signal) {
      interrupted = signal;
    }
    function forward(signal) {
      interrupted = signal;
      child.kill(signal);
    }
    function unlisten() {
      for (const [signal, listener] of Object.entries(listeners)) process.off(signal, listener);
    }
    for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener);
    child.once("error", (failure) => {
      unlisten();
      resolve({ failure });
    });
    child.once("exit", (code, signal) => {
      unlisten();
      resolve({ code, signal, interrupted });
    });
  });
}

function nodeToRunOn() {
  const wanted = process.env.REDQUAKE_NODE || "pinned";
  if (wanted === "system") return systemNode();
  if (wanted !== "pinned") {
    throw new SetupError(
      `REDQUAKE_NODE is ${JSON.stringify(wanted)}: leave it out for the Node.js that the project pins, or set it to "system" for the one that npm was started with`,
    );
  }
  const pinned = join(modules, ".bin", "node");
  if (existsSync(pinned)) return pinned;
  if (isNodeAtLeast([RUNS_ON, 0])) return process.execPath;
  throw new SetupError(
    `Node.js ${RUNS_ON} or newer is needed, this is ${process.versions.node}, and npm has no pinned Node.js for ${process.platform} on ${process.arch} installed: ` +
      `install Node.js ${RUNS_ON} (or, on Linux on x64 or arm64, delete node_modules and start again without --omit=optional)`,
  );
}

/**
 * Under `npm run`, `node` is the pinned one as soon as it is installed; the one that npm itself runs on is named by
 * npm.
 */
function systemNode() {
  const node = process.env.npm_node_execpath || process.execPath;
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim().replace(/^v/, "");
  if (isNodeAtLeast([RUNS_ON, 0], version)) return node;
  throw new SetupError(
    `REDQUAKE_NODE=system asks for ${node}, which is Node.js ${version}, and ${RUNS_ON} or newer is needed: put a newer one first on PATH, or leave REDQUAKE_NODE out`,
  );
}

function exitCode({ code, signal }) {
  return code ?? 128 + constants.signals[signal];
}

async function main() {
  const [script, ...args] = process.argv.slice(2);
  if (!isNodeAtLeast(STARTS_ON)) {
    throw new SetupError(
      `Node.js ${STARTS_ON.join(".")} or newer is needed to start, and this is ${process.versions.node}: install a newer one from https://nodejs.org (redquake itself then runs on its own Node.js ${RUNS_ON})`,
    );
  }
  if (script === undefined) {
    throw new SetupError(
      "no script was named: use `npm run redquake -- --help`, or `node setup/bootstrap.js SCRIPT ARGS…`",
    );
  }
  if (!isInstalled()) await install();
  const node = nodeToRunOn();
  const env = { NODE_COMPILE_CACHE: compiled, ...process.env };
  const ended = await run(node, [join(root, script), ...args], { stdio: "inherit", env });
  if (ended.failure === undefined) return exitCode(ended);
  throw new SetupError(`cannot run ${node} (${ended.failure.message}): delete node_modules and start again`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof Interrupted) {
    process.exitCode = 128 + constants.signals[error.signal];
  } else if (error instanceof SetupError) {
    say(error.message);
    process.exitCode = 255;
  } else {
    throw error;
  }
}
