/** What the user asked for cannot be done (exit code 254). The message names the bad value and the remedy. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
