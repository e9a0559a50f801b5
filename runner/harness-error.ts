/** The harness itself failed (exit code 255): no verdict can come of the run. The message says what happened and what to do. */
export class HarnessError extends Error {
  override readonly name = "HarnessError";
}
