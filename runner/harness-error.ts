import { RedquakeError } from "../machine/redquake-error.ts";

/**
 * The harness itself failed (exit code 255): no verdict can come of the run. The message says what happened and what to
 * do.
 */
export class HarnessError extends RedquakeError {
  override readonly name = "HarnessError";
  readonly code = "REDQUAKE_HARNESS";
  readonly origin = "machine";
}

/**
 * The run cannot go on, and it is not the harness that failed: it ends there, and what was recorded until then is
 * judged, which decides nothing.
 */
export abstract class CutShortError extends RedquakeError {}

/** A server ended although nobody had asked it to. */
export class NodeEndedError extends CutShortError {
  override readonly name = "NodeEndedError";
  readonly code = "REDQUAKE_NODE_ENDED";
  readonly origin = "machine";
}

/** The user's own adapter is wrong. The message says how, with its stack and what to do. */
export class AdapterFailedError extends CutShortError {
  override readonly name = "AdapterFailedError";
  readonly code = "REDQUAKE_ADAPTER_FAILED";
  readonly origin = "call";
}
