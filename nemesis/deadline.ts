/** Waiting for somebody who may never say anything: a process that is stopped, or gone. */
import { Refusal } from "./administration.ts";

/**
 * @throws Refusal that begins with `who did not`, when nothing has come within `withinMs`; and what `answer` rejects
 * with.
 */
export async function answerOf<T>(who: string, wanted: string, withinMs: number, answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Refusal(`${who} did not ${wanted} within ${withinMs} ms`)), withinMs);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
