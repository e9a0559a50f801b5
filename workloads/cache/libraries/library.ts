/**
 * The contract of a cache library that redquake brings an adapter for: one file for each in this folder. The package
 * itself is the one that npm has, unchanged; it runs with its own defaults, except where a file says otherwise.
 */
import type { AdapterLibrary } from "../../adapter/shelf.ts";
import type { CacheAdapter } from "../adapter.ts";
import type { CheckId } from "../conformance/check.ts";

export interface CacheLibrary extends AdapterLibrary<CacheAdapter> {
  /** The checks of `adapter-test` that it does not pass, and why. */
  readonly fails?: Readonly<Partial<Record<CheckId, string>>>;
}
