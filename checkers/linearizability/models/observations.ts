/** For `Model.lastObservation`: the latest moment at which each of many things was seen. */
import type { Json } from "../../../history/operation.ts";
import { jsonIdentity } from "../../kit/same-json.ts";

export const UNSEEN = -1;

export class Observations {
  readonly #latest = new Map<string, number>();

  note(what: Json, ret: number): void {
    const name = jsonIdentity(what);
    this.#latest.set(name, Math.max(this.#latest.get(name) ?? UNSEEN, ret));
  }

  latest(what: Json): number {
    return this.#latest.get(jsonIdentity(what)) ?? UNSEEN;
  }
}
