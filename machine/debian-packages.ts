/**
 * Debian and Ubuntu packages in a folder of one's own: downloaded by the machine's `apt-get` from the machine's own
 * sources and unpacked by `dpkg`, without root, without installing anything, and without touching apt's state in
 * `/var`.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { makeDraftFolder } from "./cache-folder.ts";
import { RedquakeError } from "./redquake-error.ts";

/** The packages could not be fetched; the message is one sentence that says what stood in the way. */
export class DebianPackagesError extends RedquakeError {
  override readonly name = "DebianPackagesError";
  readonly code = "REDQUAKE_DEBIAN_PACKAGES";
  readonly origin = "machine";
}

export interface DebianFetchOptions {
  /** Value of PATH under which `apt-get` and `dpkg` are looked for. */
  readonly path?: string | undefined;
  /** The folder that holds `sources.list` and `sources.list.d`; the machine's own unless a test says otherwise. */
  readonly sources?: string;
}

const TIME_LIMIT_MS = 300_000;
const DPKG_STATUS = "/var/lib/dpkg/status";

/**
 * Downloads the packages, together with those of their dependencies that this machine has not installed, and unpacks
 * them all under `into` (`into/usr/bin/…`). Links between them lead to the unpacked files and not to where these would
 * have been installed. What is chosen is what `apt-get install` would choose here.
 *
 * `into` appears whole or not at all. Several processes may fetch to the same place at once: the first one to finish
 * wins, and the others leave its work as it is.
 * @throws DebianPackagesError where there is no apt, or the sources do not have the packages or cannot be reached.
 */
export async function fetchDebianPackages(
  packages: readonly string[],
  into: string,
  options: DebianFetchOptions = {},
): Promise<void> {
  const path = options.path ?? process.env["PATH"] ?? "";
  const toolMissing = missingTool(path);
  if (toolMissing !== undefined) throw new DebianPackagesError(toolMissing);
  const work = await makeDraftFolder(join(dirname(into), `.${basename(into)}-`));
  try {
    const archives = await download(packages, work, path, options.sources ?? "/etc/apt");
    const unpacked = join(work, "unpacked");
    await mkdir(unpacked);
    for (const archive of archives) {
      const unpack = await run("dpkg", ["-x", archive, unpacked], { PATH: path });
      if (unpack.failure !== undefined) {
        throw new DebianPackagesError(`cannot unpack ${basename(archive)}: ${unpack.failure}`);
      }
    }
    await leadLinksInside(unpacked);
    await publish(unpacked, into);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Absolute links to what has been unpacked become relative ones, which still hold when the folder is renamed. */
async function leadLinksInside(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isSymbolicLink())) {
    const link = join(entry.parentPath, entry.name);
    const target = await readlink(link);
    const inside = join(folder, target);
    if (!isAbsolute(target) || !existsSync(inside)) continue;
    await rm(link);
    await symlink(relative(entry.parentPath, inside), link);
  }
}

/** Why packages cannot even be tried to be fetched here; undefined where they can. */
export function missingTool(path: string): string | undefined {
  const tool = ["apt-get", "dpkg"].find(
    (name) => !path.split(":").some((folder) => folder !== "" && existsSync(join(folder, name))),
  );
  return tool === undefined ? undefined : `this machine has no ${tool}, so Debian packages cannot be fetched`;
}

/** Returns the paths of the downloaded archives, all inside `work`. */
async function download(
  packages: readonly string[],
  work: string,
  path: string,
  sources: string,
): Promise<readonly string[]> {
  const archives = join(work, "archives");
  await mkdir(join(archives, "partial"), { recursive: true });
  await mkdir(join(work, "lists", "partial"), { recursive: true });
  const entry = join(work, "entry.conf");
  const main = join(work, "main.conf");
  await writeFile(entry, `Dir::Etc::main ${quote(main)};\n`);
  await writeFile(main, configuration(work, archives, sources));
  const environment = { ...process.env, PATH: path, APT_CONFIG: entry, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };

  // One unreachable third-party source makes the whole update fail although the distribution's own lists have arrived.
  // Whether enough has arrived shows in the next step, which then reports both.
  const update = await run("apt-get", ["update"], environment);
  // `--reinstall`: what is asked for is needed in `into` even where it is installed already.
  const chosen = ["--yes", "--download-only", "--reinstall", "--no-install-recommends"];
  const install = await run("apt-get", [...chosen, "install", ...packages], environment);
  if (install.failure !== undefined) {
    const before = update.complaints === "" ? "" : `; before that, apt-get update said: ${update.complaints}`;
    throw new DebianPackagesError(`apt-get could not download ${packages.join(", ")}: ${install.failure}${before}`);
  }
  const files = (await readdir(archives)).filter((file) => file.endsWith(".deb"));
  return files.toSorted().map((file) => join(archives, file));
}

/**
 * apt's configuration. It takes the place of `/etc/apt/apt.conf`, which apt reads last, so that it overrules
 * `/etc/apt/apt.conf.d` while the proxies and credentials that are set there stay in force.
 */
function configuration(work: string, archives: string, sources: string): string {
  const settings = {
    "Dir::State": join(work, "state"),
    "Dir::State::lists": join(work, "lists"),
    // Read only: it tells which dependencies are installed already.
    "Dir::State::status": existsSync(DPKG_STATUS) ? DPKG_STATUS : "/dev/null",
    "Dir::State::extended_states": join(work, "extended_states"),
    "Dir::Cache": work,
    "Dir::Cache::archives": archives,
    "Dir::Cache::pkgcache": "",
    "Dir::Cache::srcpkgcache": "",
    "Dir::Log": work,
    "Dir::Etc::sourcelist": join(sources, "sources.list"),
    "Dir::Etc::sourceparts": join(sources, "sources.list.d"),
    "Debug::NoLocking": "true",
    // The user `_apt`, to whom root's downloads are delegated, may not enter the private folder.
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    // A source that is down must not hold up the others for long.
    "Acquire::Retries": "1",
    "Acquire::http::Timeout": "30",
    "Acquire::https::Timeout": "30",
  };
  return [
    ...(existsSync("/etc/apt/apt.conf") ? ["#include /etc/apt/apt.conf"] : []),
    // The machine's hooks would act on the machine's own state.
    ...["Pre-Invoke", "Post-Invoke", "Post-Invoke-Success"].map((hook) => `#clear APT::Update::${hook};`),
    ...Object.entries(settings).map(([name, value]) => `${name} ${quote(value)};`),
    "",
  ].join("\n");
}

function quote(value: string): string {
  if (value.includes('"') || value.includes("\n")) {
    throw new DebianPackagesError(
      `apt cannot work in ${JSON.stringify(value)}: choose a cache folder without quotation marks`,
    );
  }
  return `"${value}"`;
}

/** Moves a finished folder to its final name, unless another process was faster. */
async function publish(folder: string, final: string): Promise<void> {
  try {
    await rename(folder, final);
  } catch (error) {
    // A folder cannot be renamed over one that has content: only the loser of a race comes here.
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}

interface Outcome {
  /** Why the command did not end well, on one line. */
  readonly failure: string | undefined;
  /** Its errors and warnings, on one line; there may be some although it ended well. */
  readonly complaints: string;
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Outcome> {
  const options = { env: environment, timeout: TIME_LIMIT_MS, maxBuffer: 64 * 2 ** 20 };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, _stdout, stderr) => {
      const lines = stderr.split("\n").map((line) => line.trim());
      // apt marks errors and warnings so.
      const marked = (pattern: RegExp): string => lines.filter((line) => pattern.test(line)).join(" ");
      const failure = error === null ? undefined : marked(/^E:/) || marked(/./) || error.message;
      resolve({ failure, complaints: marked(/^[EW]:/) });
    });
  });
}
