/** What an adapter says of itself, found out without letting it into this process. */
import type { AdapterFacts } from "../../workloads/adapter/kind.ts";
import type { AdapterSource } from "../../workloads/adapter/adapter-source.ts";
import { sourceName } from "../../workloads/adapter/adapter-source.ts";
import { HarnessError } from "../harness-error.ts";
import { runErrand } from "./run-errand.ts";

const DEADLINE_MS = 20_000;

/**
 * @param say told what the adapter should not have done, one line each
 * @throws AdapterFailedError when it does not load, or is no adapter.
 */
export async function describeAdapter(source: AdapterSource, say: (line: string) => void): Promise<AdapterFacts> {
  let facts: AdapterFacts | undefined;
  await runErrand(
    { kind: "describe", source },
    {
      told: (message) => {
        if (message.kind === "facts") facts = message.facts;
        if (message.kind === "note") say(message.text);
      },
      deadlineMs: DEADLINE_MS,
      say,
      overdue: `the adapter ${sourceName(source)} has not loaded within ${DEADLINE_MS} ms: what it awaits while it is loaded belongs into open()`,
    },
  );
  if (facts === undefined) throw new HarnessError("the adapter's process has not said what the adapter is");
  return facts;
}
