/** A fault cannot be done on this machine or this host; the message says why, and what to do about it. */
export class ImpossibleFault extends Error {
  override readonly name = "ImpossibleFault";

  constructor(what: string, why: string) {
    super(`${what} is not possible here: ${why}`);
  }
}
