/** How calls of an adapter end, waited for no longer than a deadline. */
import { setTimeout as delay } from "node:timers/promises";
import { DEADLINE_MS } from "./times.ts";

export async function withDeadline<T>(promise: Promise<T>, otherwise: string, deadlineMs = DEADLINE_MS): Promise<T> {
  const patience = new AbortController();
  const late = delay(deadlineMs, undefined, patience).then(() => {
    throw new Error(otherwise);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    // Nobody waits for it any more, and its delay is aborted: that is no error.
    late.catch(() => undefined);
    patience.abort();
  }
}

/** How a call ended, in words: `resolved to true`, `rejected: …`, `did not settle`. */
export async function ended(call: Promise<unknown>): Promise<string> {
  try {
    const value = await withDeadline(call, "did not settle");
    return `resolved to ${typeof value === "object" && value !== null ? "an object" : String(value)}`;
  } catch (error) {
    const message = said(error);
    return message === "did not settle" ? message : `rejected: ${message}`;
  }
}

export function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
