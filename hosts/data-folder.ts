/**
 * A data directory on this machine: what is in it, and what a loss of power leaves of it (docs/fault-shim.md says how
 * exactly).
 */
import { readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join, relative } from "node:path";
import type { Cut, DataFile } from "./host.ts";
import { HostError } from "../machine/host-error.ts";
import type { ShimControl } from "./shim/shim-control.ts";

/**
 * Files that a server overwrites in place, where the old content cannot be given back and half of the new one may never
 * have been on disk. Redis 7.0 does that with what a node knows of its cluster. They are left as they are, which is
 * milder than what may happen.
 */
const OVERWRITTEN_IN_PLACE = new Set(["nodes.conf"]);

export class DataFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  files(): DataFile[] {
    return this.#paths().flatMap((path) => {
      // While the server runs, a temporary file may be gone before we look at it.
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ file: relative(this.path, path), length: stats.size }];
    });
  }

  /** @throws HostError when there is no such file, or it is not that long. */
  cut(file: string, length: number): Cut {
    const known = this.files();
    const found = known.find((candidate) => candidate.file === file);
    if (found === undefined) {
      const names = known.map((candidate) => candidate.file).join(", ");
      throw new HostError(
        `there is no file ${JSON.stringify(file)} to cut in ${this.path}; there are: ${names || "none"}`,
      );
    }
    if (length < 0 || length > found.length)
      throw new HostError(`${file} has ${found.length} bytes and cannot be cut to ${length}`);
    truncateSync(join(this.path, file), length);
    return { file, from: found.length, to: length };
  }

  /** Takes away what the processes under `shim` have not forced to disk. They must have ended. */
  dropUnsynced(shim: ShimControl): Cut[] {
    const synced = shim.syncedLengths();
    const lastSyncNs = shim.lastSyncNs();
    return this.#paths().flatMap((path): Cut[] => {
      const file = relative(this.path, path);
      if (OVERWRITTEN_IN_PLACE.has(file)) return [];
      const { dev, ino, birthtimeNs, size } = statSync(path, { bigint: true });
      const from = Number(size);
      const known = synced.find(
        (each) => each.dev === dev && each.ino === ino && (each.birthtimeNs === 0n || each.birthtimeNs === birthtimeNs),
      );
      // Journals are written in order: with any later sync the file's name, though not its content, has come to disk as
      // well.
      if (known === undefined && birthtimeNs > lastSyncNs) {
        rmSync(path);
        return [{ file, from, to: "gone" }];
      }
      const to = known === undefined ? 0 : Math.min(from, Number(known.length));
      if (to === from) return [];
      truncateSync(path, to);
      return [{ file, from, to }];
    });
  }

  #paths(): string[] {
    return readdirSync(this.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  }
}
