/** What the adapter says when the servers fail. */
import type { Attempt, Bench } from "./bench.ts";
import { said, withDeadline } from "../../adapter/conformance/calls.ts";
import type { Outcome } from "../../adapter/conformance/outcome.ts";
import { failed, passed, skipped } from "../../adapter/conformance/outcome.ts";
import { LONG_MS, REFUSAL_MS } from "./times.ts";

/**
 * Nobody has this lock, and no server has the memory for a write: a library that says that it is taken takes an error
 * for a no.
 */
export async function refusedWrites(bench: Bench): Promise<void> {
  const attempt = await bench.servers.withoutMemory(() => bench.attempt(0, bench.key(), LONG_MS, REFUSAL_MS));
  bench.tell("throws-when-refused", candour(attempt, bench.options.adapter.blocking === true));
  if (attempt.kind === "waits") {
    const late = "the client that waited did not get the lock when the servers took writes again";
    await withDeadline(attempt.later, late);
  }
}

function candour(attempt: Attempt, blocking: boolean): Outcome {
  switch (attempt.kind) {
    case "refused":
      return failed("acquire() resolved to null, though nobody had the lock: every server had refused to write");
    case "threw":
      return passed(`every server refused to write: acquire() rejected: ${said(attempt.error)}`);
    case "held":
      return skipped("it got the lock: what it sends to servers is not refused when they are out of memory");
    case "waits":
      return blocking
        ? skipped("it cannot say no, but only wait")
        : failed("every server refused to write, and acquire() did not settle");
  }
}
