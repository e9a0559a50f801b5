/** Numbers for keys: any JSON value can be one, and equal ones have the same number. */
import type { Json } from "../../../history/operation.ts";

export class KeyIndex {
  readonly keys: Json[] = [];
  readonly #scalars = new Map<Json, number>();
  readonly #composites = new Map<string, number>();

  numberOf(key: Json): number {
    if (typeof key === "object" && key !== null) return this.#number(this.#composites, JSON.stringify(key), key);
    return this.#number(this.#scalars, key, key);
  }

  #number<Name>(numbers: Map<Name, number>, name: Name, key: Json): number {
    let number = numbers.get(name);
    if (number === undefined) {
      number = this.keys.push(key) - 1;
      numbers.set(name, number);
    }
    return number;
  }
}
