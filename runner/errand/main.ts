/**
 * The entry of a process that loads a user's adapter: whatever the adapter does to its process, it does it to this one.
 */
import { seededRandom } from "../../history/random.ts";
import { AdapterError } from "../../workloads/adapter/adapter-error.ts";
import { sourceName } from "../../workloads/adapter/adapter-source.ts";
import { ADAPTER_KINDS } from "../../workloads/adapter-kinds.ts";
import { conformanceOf } from "../../workloads/conformances.ts";
import { loadAdapter } from "../../workloads/adapter/load-adapter.ts";
import { watchProcess } from "../../workloads/adapter/watch-process.ts";
import { nameSourcesInStacks } from "../../machine/source-stacks.ts";
import type { Errand, FromErrand } from "./messages.ts";

nameSourcesInStacks();

const exit = process.exit.bind(process);

process.on("disconnect", () => exit(0));
process.once("message", (errand: Errand) => {
  const named = sourceName(errand.source);
  const watch = watchProcess({ named, note, fail: failed });
  run(errand, watch).then(() => send({ kind: "done" }), failed);
});

async function run(errand: Errand, watch: ReturnType<typeof watchProcess>): Promise<void> {
  const { adapter, kind } = await loadAdapter(errand.source, ADAPTER_KINDS);
  if (errand.kind === "describe") {
    send({ kind: "facts", facts: { ...kind.facts.parse(adapter), kind: kind.kind } });
    return;
  }
  await conformanceOf(kind.kind)({
    adapter,
    named: sourceName(errand.source),
    endpoints: errand.endpoints,
    random: seededRandom(errand.seed),
    leftOver: (patienceMs) => watch.leftOver(patienceMs),
    note,
    fail: failed,
    seen: (check) => send({ kind: "check", check }),
  });
}

function note(text: string): void {
  send({ kind: "note", text });
}

function failed(error: unknown): void {
  const byAdapter = error instanceof AdapterError;
  const message = error instanceof Error ? (byAdapter ? error.message : (error.stack ?? error.message)) : String(error);
  send({ kind: "failed", message, by: byAdapter ? "adapter" : "harness" });
}

function send(message: FromErrand): void {
  process.send?.(message);
}
