/**
 * A lock's fencing token as histories and the resource carry it: a number, or a text of digits where a number would not
 * be exact.
 */
import type { Token } from "../../history/vocabulary/lock.ts";
import type { Held } from "./adapter.ts";

/** @throws TypeError when it is no whole number from 0. */
export function tokenOf({ token }: Pick<Held, "token">): Token | undefined {
  if (token === undefined) return undefined;
  const text = String(token);
  const isText = typeof token === "string" || typeof token === "bigint" || Number.isSafeInteger(token);
  if (!isText || !/^\d+$/.test(text))
    throw new TypeError(`a fencing token must be a whole number from 0, a bigint, or a text of digits, not ${text}`);
  const number = Number(text);
  // Without the zeros that a text may begin with.
  return Number.isSafeInteger(number) ? number : String(BigInt(text));
}
