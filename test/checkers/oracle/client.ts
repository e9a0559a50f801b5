/** The definitions of the properties of a client's calls, written down without any cleverness. */
import type { History } from "../../../history/history.ts";
import type { Operation } from "../../../history/operation.ts";

interface Call {
  readonly key: string;
  readonly element: string;
  readonly command: string;
  readonly type: string;
}

interface Traces {
  readonly key: string;
  readonly elements: readonly string[];
  readonly count: number | null;
}

/** How many commands break the property; nothing is said where only a count could tell. */
export function violations(
  history: History,
  property: "once" | "no-duplicate" | "refused-nothing" | "no-ghost",
): number {
  const calls = history.operations.filter(({ f }) => f === "call").flatMap(commandsOf);
  const reads = history.operations
    .filter(({ f }) => f === "traces")
    .map(({ completion }) => completion?.value as never as Traces);
  const times = (call: Call): number =>
    reads
      .filter(({ key }) => key === call.key)
      .flatMap(({ elements }) => elements.filter((each) => each === call.element)).length;
  const own = calls.filter(({ command }) => command !== "INCR");
  const ended = (type: string): readonly Call[] => own.filter((call) => call.type === type);
  switch (property) {
    case "once":
      return ended("ok").filter((call) => times(call) !== 1).length + overcount() + undercount();
    case "no-duplicate":
      return own.filter((call) => times(call) > 1).length + overcount();
    case "refused-nothing":
      return ended("fail").filter((call) => times(call) > 0).length;
    case "no-ghost":
      return ended("info").filter((call) => times(call) > 0).length;
  }

  function counts(): { found: number; asked: number; ok: number }[] {
    return reads
      .filter(({ count }) => count !== null)
      .map(({ key, count }) => {
        const counting = calls.filter((call) => call.command === "INCR" && call.key === key);
        return { found: count ?? 0, asked: counting.length, ok: counting.filter(({ type }) => type === "ok").length };
      });
  }

  function overcount(): number {
    return counts().reduce((sum, { found, asked }) => sum + Math.max(0, found - asked), 0);
  }

  function undercount(): number {
    return counts().reduce((sum, { found, ok }) => sum + Math.max(0, ok - found), 0);
  }
}

function commandsOf({ invoke, completion }: Operation): Call[] {
  const { key, elements, command } = invoke.value as { key: string; elements: string[]; command: string };
  return elements.map((element) => ({ key, element, command, type: completion?.type ?? "info" }));
}
