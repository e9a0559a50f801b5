/** The sources of this checkout compiled: at first use, and again after an edit. */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, join, sep } from "node:path";
import { packageRoot } from "../machine/package-root.ts";
import type { compile } from "./compile.ts";

/** What was compiled last, and from which files. */
interface Record {
  /** Within `CACHE`. */
  readonly folder: string;
  /** Each file from the root, when it was last changed, and its size. */
  readonly files: readonly (readonly [file: string, mtimeMs: number, size: number])[];
}

const CACHE = join(packageRoot, ".cache/programs");
const RECORD = join(CACHE, "record.json");

/** These decide what comes out, too. */
const SETTINGS = ["package.json", "node_modules/.package-lock.json", "setup/compile.ts", "setup/bundle-pages.ts"];

/** No process lives longer than this after it was started from a folder, which may then be removed. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

/**
 * The folder of the compiled programs; each lies where its source lies in the checkout. Whether a source has changed
 * shows by its time and size, which takes a start some 15 ms.
 * @throws Error when a source cannot be compiled.
 */
export function compiledCheckout(): string {
  const { folder } = currentRecord() ?? renew();
  // Tells that it is in use.
  const now = new Date();
  utimesSync(join(CACHE, folder), now, now);
  return join(CACHE, folder);
}

/** Undefined where nothing was compiled, or something has changed since. */
function currentRecord(): Record | undefined {
  let text: string;
  try {
    text = readFileSync(RECORD, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const record = JSON.parse(text) as Record;
  const isCurrent = record.files.every(([file, mtimeMs, size]) => {
    const found = statSync(join(packageRoot, file), { throwIfNoEntry: false });
    return found?.mtimeMs === mtimeMs && found.size === size;
  });
  return isCurrent && statSync(join(CACHE, record.folder), { throwIfNoEntry: false }) !== undefined
    ? record
    : undefined;
}

/** Several processes may compile at once: each has a folder of its own, and all of them are right. */
function renew(): Record {
  const began = Date.now();
  mkdirSync(CACHE, { recursive: true });
  removeUnused();
  const folder = mkdtempSync(join(CACHE, "compiled-"));
  try {
    // Loaded only now: nearly every start finds everything compiled.
    const { compile: compiled } = createRequire(import.meta.url)("./compile.ts") as { compile: typeof compile };
    const sources = compiled(folder, "included").filter((file) => !file.includes(`${sep}node_modules${sep}`));
    const files = [...sources, ...SETTINGS.map((file) => join(packageRoot, file))].map((file) => {
      const { mtimeMs, size } = statSync(file);
      // What was edited meanwhile may have been read before or after: it counts as changed.
      return [file.slice(packageRoot.length + 1), mtimeMs < began ? mtimeMs : 0, size] as const;
    });
    const record = { folder: basename(folder), files };
    const draft = join(folder, "record.json");
    writeFileSync(draft, JSON.stringify(record));
    renameSync(draft, RECORD);
    return record;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function removeUnused(): void {
  for (const name of readdirSync(CACHE)) {
    const folder = join(CACHE, name);
    const { mtimeMs = Infinity } = statSync(folder, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > KEPT_MS) rmSync(folder, { recursive: true, force: true });
  }
}
