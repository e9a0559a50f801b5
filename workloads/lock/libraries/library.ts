/**
 * The contract of a lock library that redquake brings an adapter for: one file for each in this folder. The package
 * itself is the one that npm has, unchanged; it runs with its own defaults, except where a file says otherwise.
 */
import type { ClientLibrary } from "../../clients/client-library.ts";
import type { LockAdapter } from "../adapter.ts";
import type { CheckId } from "../conformance/check.ts";

export interface LockLibrary {
  /** The package, and after a slash which of its locks where it has several: `redis-semaphore/Mutex`. */
  readonly name: string;
  /** The package's name on npm. */
  readonly package: string;
  /** The versions that the adapter was tried with, exact. Others of the same major versions may be asked for. */
  readonly tried: readonly string[];
  /**
   * How it is used otherwise than its own defaults have it, in a few words, where the name after the slash stands for
   * that.
   */
  readonly variant?: string;
  /** See `ClientLibrary`. */
  readonly beside?: readonly string[];
  /** The checks of `adapter-test` that it does not pass, and why. */
  readonly fails?: Readonly<Partial<Record<CheckId, string>>>;
  /** All of the adapter but its name. The package is loaded when it is opened. */
  adapter(installed: ClientLibrary): Omit<LockAdapter, "name">;
}
