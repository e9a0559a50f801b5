/** The harness itself failed (exit code 255): no verdict can come of the run. The message says what happened and what to do. */
export class HarnessError extends Error {
  override readonly name = "HarnessError";
}

/** A server ended although nobody had asked it to: the run ends there, and what was recorded until then is judged. */
export class NodeEndedError extends Error {
  override readonly name = "NodeEndedError";
}
