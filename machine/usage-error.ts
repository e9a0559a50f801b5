import { RedquakeError } from "./redquake-error.ts";

/** What the user asked for cannot be done (exit code 254). The message names the bad value and the remedy. */
export class UsageError extends RedquakeError {
  override readonly name = "UsageError";
  readonly code = "REDQUAKE_USAGE";
  readonly origin = "call";
}
