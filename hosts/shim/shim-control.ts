/**
 * The harness's side of the fault shim's control file; the other side, and the layout, is
 * `docker/shim/redquake-shim.c`.
 */
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { isIPv4 } from "node:net";
import { resolve } from "node:path";
import type { Endpoint } from "../../network/link.ts";
import type { DiskError, NodeShim } from "../host.ts";
import { RedquakeError } from "../../machine/redquake-error.ts";

/** Offsets and sizes, in bytes, as in the table at the top of the C source. */
export const SHIM_LAYOUT = {
  version: 3,
  size: 544_768,
  magic: { offset: 0, text: "redquake" },
  versionOffset: 8,
  attachedOffset: 12,
  redirectedOffset: 16,
  unrecordedOffset: 24,
  clockSequenceOffset: 32,
  connectionSequenceOffset: 36,
  diskErrorOffset: 40,
  refusedOffset: 48,
  lastSyncOffset: 56,
  clocks: { offset: 64, size: 32 },
  connections: { offset: 256, size: 8208, header: 16, entrySize: 16, maximum: 512 },
  synced: { offset: 20_480, entrySize: 64, maximum: 8192, valid: 2 },
} as const;

/** A hundred years: the shim calculates with nanoseconds in 64 bits. */
const MAX_OFFSET_MS = 100 * 365.25 * 24 * 3600 * 1000;
const MIN_RATE_PPM = -1_000_000;
const MAX_RATE_PPM = 9_000_000;

/** Linux's numbers, which both supported architectures share. */
const DISK_ERRORS: Readonly<Record<DiskError, number>> = { none: 0, ENOSPC: 28, EROFS: 30 };

/** What is known to be on disk of one file. */
export interface SyncedFile {
  /** `st_dev` and `st_ino`, as `fs.statSync(file, { bigint: true })` gives them. */
  readonly dev: bigint;
  readonly ino: bigint;
  /** Bytes that the file had when it was last synced. */
  readonly length: bigint;
  /**
   * `birthtimeNs`: tells a file from a deleted one whose inode it was given; 0 where the file system does not keep it.
   */
  readonly birthtimeNs: bigint;
}

/** A control file cannot be made, read or set so; the message says which value is wrong. */
export class ShimControlError extends RedquakeError {
  override readonly name = "ShimControlError";
  readonly code = "REDQUAKE_SHIM";
  readonly origin = "machine";
}

/**
 * The live controls of the shim in the processes that were started with `environment()`. One writer at a time per file.
 */
export class ShimControl implements NodeShim {
  readonly path: string;
  readonly #file: number;
  #closed = false;

  private constructor(path: string, file: number) {
    // The processes that map it run in folders of their own.
    this.path = resolve(path);
    this.#file = file;
  }

  /**
   * Makes a new control file that changes nothing yet.
   * @throws ShimControlError when there is a file of that name: some process may have mapped it.
   */
  static create(path: string): ShimControl {
    let file: number;
    try {
      // Writing here moves the clocks and connections of the processes that map it, so only this user may.
      file = openSync(path, "wx+", 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      throw new ShimControlError(`${path} exists already: open it with ShimControl.open, or choose another name`, {
        cause: error,
      });
    }
    const control = new ShimControl(path, file);
    return control.#orClosed(() => {
      ftruncateSync(file, SHIM_LAYOUT.size);
      control.#writeUint32(SHIM_LAYOUT.versionOffset, SHIM_LAYOUT.version);
      control.#write(Buffer.from(SHIM_LAYOUT.magic.text, "latin1"), SHIM_LAYOUT.magic.offset);
    });
  }

  /**
   * Opens a control file that another process made.
   * @throws ShimControlError when it is none, or of another version.
   */
  static open(path: string): ShimControl {
    const file = openSync(path, "r+");
    const control = new ShimControl(path, file);
    return control.#orClosed(() => {
      const magic = control.#read(SHIM_LAYOUT.magic.offset, SHIM_LAYOUT.magic.text.length).toString("latin1");
      const version = control.#read(SHIM_LAYOUT.versionOffset, 4);
      if (magic !== SHIM_LAYOUT.magic.text || version.length < 4 || version.readUInt32LE() !== SHIM_LAYOUT.version) {
        throw new ShimControlError(
          `${path} is not a control file of the fault shim, layout version ${SHIM_LAYOUT.version}`,
        );
      }
    });
  }

  /** This control, once `step` has succeeded; a file that cannot be used is not left open. */
  #orClosed(step: () => void): this {
    try {
      step();
      return this;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The environment variables that load the shim and tell it about this file. */
  environment(library: string): { readonly LD_PRELOAD: string; readonly REDQUAKE_SHIM: string } {
    if (/[\s:]/.test(library)) {
      throw new ShimControlError(
        `the dynamic loader cannot load ${JSON.stringify(library)}: its path must have no spaces or colons`,
      );
    }
    return { LD_PRELOAD: library, REDQUAKE_SHIM: this.path };
  }

  /**
   * Moves the wall clock, for those processes only: `offsetMs` ahead of the real one now, and from now on at
   * (1 + `ratePpm` / 10⁶) times its pace. The offset is absolute: `{ offsetMs: 0, ratePpm: 0 }` is the real time again.
   * @throws ShimControlError for more than a hundred years, or a pace below 0 (standing still) or above 10 times the
   * real one.
   */
  setClock(clock: { readonly offsetMs: number; readonly ratePpm: number }): void {
    if (!(Math.abs(clock.offsetMs) <= MAX_OFFSET_MS)) {
      throw new ShimControlError(`offsetMs must be between ±${MAX_OFFSET_MS} (a hundred years), not ${clock.offsetMs}`);
    }
    if (!(clock.ratePpm >= MIN_RATE_PPM && clock.ratePpm <= MAX_RATE_PPM)) {
      throw new ShimControlError(`ratePpm must be between ${MIN_RATE_PPM} and ${MAX_RATE_PPM}, not ${clock.ratePpm}`);
    }
    const setting = Buffer.alloc(SHIM_LAYOUT.clocks.size);
    setting.writeBigInt64LE(BigInt(Math.round(clock.offsetMs * 1000)) * 1000n, 0);
    setting.writeBigInt64LE(BigInt(Math.round(clock.ratePpm * 1000)), 8);
    setting.writeBigInt64LE(process.hrtime.bigint(), 16);
    this.#publish(SHIM_LAYOUT.clockSequenceOffset, SHIM_LAYOUT.clocks, setting);
  }

  /**
   * Replaces the table of redirected destinations. Connections that exist stay as they are.
   * @throws ShimControlError for a host that is no IPv4 address, a port outside 1–65535, two entries with the same
   * `from`, or more than 512 entries.
   */
  setConnections(table: readonly { readonly from: Endpoint; readonly to: Endpoint }[]): void {
    const { size, header, entrySize, maximum } = SHIM_LAYOUT.connections;
    if (table.length > maximum) {
      throw new ShimControlError(`the fault shim redirects at most ${maximum} destinations, not ${table.length}`);
    }
    const content = Buffer.alloc(size);
    content.writeUInt32LE(table.length, 0);
    const seen = new Set<string>();
    for (const [i, { from, to }] of table.entries()) {
      const key = `${from.host}:${from.port}`;
      if (seen.has(key)) throw new ShimControlError(`two entries redirect ${key}: one destination has one link`);
      seen.add(key);
      const at = header + i * entrySize;
      address(from).copy(content, at);
      content.writeUInt16BE(from.port, at + 4);
      content.writeUInt16BE(to.port, at + 6);
      address(to).copy(content, at + 8);
    }
    this.#publish(SHIM_LAYOUT.connectionSequenceOffset, SHIM_LAYOUT.connections, content);
  }

  /** Whatever would write to a file fails so in those processes, their standard output excepted; `none` heals. */
  setDiskError(error: DiskError): void {
    this.#writeUint32(SHIM_LAYOUT.diskErrorOffset, DISK_ERRORS[error]);
  }

  /** How many calls failed so far because of a disk error that was set. */
  refusedByDisk(): number {
    return Number(this.#read(SHIM_LAYOUT.refusedOffset, 8).readBigUInt64LE());
  }

  /**
   * How many processes have loaded the shim with this file so far, forked ones not counted. 0 means that it acts
   * nowhere.
   */
  attached(): number {
    return this.#read(SHIM_LAYOUT.attachedOffset, 4).readUInt32LE();
  }

  /** How many calls of `connect()` were sent elsewhere so far. */
  redirected(): number {
    return Number(this.#read(SHIM_LAYOUT.redirectedOffset, 8).readBigUInt64LE());
  }

  /**
   * Every file that was synced, with its length at its last sync. A file that is not listed was never synced.
   * @throws ShimControlError when syncs went unrecorded, as a missing file would then mean nothing.
   */
  syncedLengths(): SyncedFile[] {
    const unrecorded = this.#read(SHIM_LAYOUT.unrecordedOffset, 8).readBigUInt64LE();
    if (unrecorded > 0n) {
      throw new ShimControlError(
        `${unrecorded} syncs were not recorded in ${this.path} (it has room for ${SHIM_LAYOUT.synced.maximum} files, and needs a kernel with statx): what a power loss would leave is not known`,
      );
    }
    const { offset, entrySize, maximum, valid } = SHIM_LAYOUT.synced;
    const table = this.#read(offset, entrySize * maximum);
    const files = new Map<string, SyncedFile>();
    for (let at = 0; at < table.length; at += entrySize) {
      if (table.readUInt32LE(at) !== valid) continue;
      const file = {
        dev: table.readBigUInt64LE(at + 8),
        ino: table.readBigUInt64LE(at + 16),
        length: table.readBigUInt64LE(at + 24),
        birthtimeNs: table.readBigUInt64LE(at + 32),
      };
      // A file can have two entries, when the first one was still being written as the second sync came.
      const key = `${file.dev}:${file.ino}:${file.birthtimeNs}`;
      const other = files.get(key);
      if (other === undefined || other.length < file.length) files.set(key, file);
    }
    return [...files.values()];
  }

  /**
   * When the last successful sync of any file or folder began, in nanoseconds of this machine's wall clock; 0 when
   * there was none.
   */
  lastSyncNs(): bigint {
    return this.#read(SHIM_LAYOUT.lastSyncOffset, 8).readBigUInt64LE();
  }

  /** Closes the file, without removing it; processes that have mapped it keep the last settings. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
  }

  /**
   * Fills the copy that is not in force, then counts the sequence up, which puts it in force. Should the kernel copy
   * the sequence byte by byte, a reader still finds its lowest bit, and with it the copy, either old or new, and both
   * are whole.
   */
  #publish(sequenceOffset: number, place: { readonly offset: number; readonly size: number }, content: Buffer): void {
    const next = (this.#read(sequenceOffset, 4).readUInt32LE() + 1) % 2 ** 32;
    this.#write(content, place.offset + (next % 2) * place.size);
    this.#writeUint32(sequenceOffset, next);
  }

  #writeUint32(position: number, value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    this.#write(bytes, position);
  }

  #write(bytes: Buffer, position: number): void {
    this.#assertOpen();
    const written = writeSync(this.#file, bytes, 0, bytes.length, position);
    if (written !== bytes.length) {
      throw new ShimControlError(
        `only ${written} of ${bytes.length} bytes could be written to ${this.path}: is the disk full?`,
      );
    }
  }

  /** Up to `length` bytes; fewer at the end of the file. */
  #read(position: number, length: number): Buffer {
    this.#assertOpen();
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(this.#file, bytes, 0, length, position));
  }

  #assertOpen(): void {
    if (this.#closed) throw new ShimControlError(`the control file ${this.path} was closed already`);
  }
}

/** The four bytes of an address in network order, after a check of the whole endpoint. */
function address(endpoint: Endpoint): Buffer {
  if (!isIPv4(endpoint.host)) {
    throw new ShimControlError(
      `the fault shim redirects IPv4 addresses only, and ${JSON.stringify(endpoint.host)} is none`,
    );
  }
  if (!Number.isInteger(endpoint.port) || endpoint.port < 1 || endpoint.port > 65_535) {
    throw new ShimControlError(`a port is a whole number from 1 to 65535, not ${endpoint.port}`);
  }
  return Buffer.from(endpoint.host.split(".").map(Number));
}
