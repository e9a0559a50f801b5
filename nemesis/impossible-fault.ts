import { RedquakeError } from "../machine/redquake-error.ts";

/** A fault cannot be done on this machine or this host; the message says why, and what to do about it. */
export class ImpossibleFault extends RedquakeError {
  override readonly name = "ImpossibleFault";
  readonly code = "REDQUAKE_FAULT_IMPOSSIBLE";
  readonly origin = "machine";

  constructor(what: string, why: string) {
    super(`${what} is not possible here: ${why}`);
  }
}
