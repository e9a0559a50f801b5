import { RedquakeError } from "./redquake-error.ts";

/** A server could not be started, reached or placed; the message says what happened and what to do. */
export class HostError extends RedquakeError {
  override readonly name = "HostError";
  readonly code: RedquakeError["code"] = "REDQUAKE_HOST";
  readonly origin = "machine";
}
