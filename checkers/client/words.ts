/** Calls in the sentences of findings. */
import { moment, who } from "../kit/words.ts";
import { endOf } from "./traced.ts";
import type { CallEnd, TracedCall } from "./traced.ts";

/** `the RPUSH of w1-17 to client:{a}:list, which w1 asked for at 1.204 s`. */
export function calledWords({ command, via, key, operation: { invoke } }: TracedCall, element: string): string {
  const how = via === "command" ? "" : ` in a ${via}`;
  return `the ${command} of ${element} to ${key}${how}, which ${who(invoke)} asked for at ${moment(invoke.time)}`;
}

/** What its caller was told, after `which …`: `was told that it succeeded`. */
export function toldWords(call: TracedCall): string {
  const error = call.operation.completion?.error;
  const why = error === undefined ? "" : `: ${error}`;
  const at = call.end === "open" ? "" : ` at ${moment(endOf(call))}`;
  const said: Readonly<Record<CallEnd, string>> = {
    ok: `its caller was told${at} that it succeeded`,
    refused: `its caller was told${at} that it was refused${why}`,
    unknown: `its caller was told${at} that it failed${why}`,
    unsettled: `it had not settled${at}`,
    open: "it never settled",
  };
  return said[call.end];
}

/** `once`, `twice`, `3 times`. */
export function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}
