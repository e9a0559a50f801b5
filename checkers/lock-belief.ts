/** What a client's own library said of the lock just before a write to the protected resource. */
import type { HistoryEvent } from "../history/operation.ts";
import { fieldOf } from "./event-value.ts";

/** `its library had said that it held the lock, for 120 ms more`; undefined where nothing was recorded. */
export function librarySaid(write: HistoryEvent): string | undefined {
  const held = fieldOf(write, "held");
  if (typeof held !== "boolean") return undefined;
  if (!held) return "its library had said that it did not hold the lock any more";
  const remainingMs = fieldOf(write, "remainingMs");
  const left = typeof remainingMs === "number" ? `, for ${remainingMs} ms more` : "";
  return `its library had said that it held the lock${left}`;
}
