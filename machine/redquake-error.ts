/**
 * What redquake throws on purpose. People read the message: what happened, the value that is wrong, and the remedy.
 * Programs go by the code.
 */
export abstract class RedquakeError extends Error {
  /** Never changes between versions. */
  abstract readonly code: `REDQUAKE_${string}`;
  /** `call`: what was asked for cannot be done; `machine`: it cannot be done here, or not now. */
  abstract readonly origin: "call" | "machine";
}
