/** A server could not be started, reached or placed; the message says what happened and what to do. */
export class HostError extends Error {
  override readonly name = "HostError";
}
