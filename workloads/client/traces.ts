/** What calls leave on the servers, and how it is read. */
import type { CallCommand } from "../../history/vocabulary/client.ts";
import type { ClientCommand } from "./adapter.ts";

/** The field of a stream's entries. */
const FIELD = "v";

interface Trace {
  /** What the key of that command's traces ends with; the slot is that of its first part. */
  readonly suffix: string;
  command(key: string, element: string): ClientCommand;
  readonly read: readonly [command: string, ...args: string[]];
  found(reply: unknown): { readonly elements: string[]; readonly count: number | null };
}

const TRACES: Readonly<Record<CallCommand, Trace>> = {
  RPUSH: {
    suffix: "list",
    command: (key, element) => ({ name: "RPUSH", args: [key, element] }),
    read: ["LRANGE", "0", "-1"],
    found: (reply) => ({ elements: (reply as unknown[]).map(String), count: null }),
  },
  XADD: {
    suffix: "stream",
    command: (key, element) => ({ name: "XADD", args: [key, "*", FIELD, element] }),
    read: ["XRANGE", "-", "+"],
    found: (reply) => ({ elements: (reply as [string, string[]][]).map(([, [, v]]) => String(v)), count: null }),
  },
  INCR: {
    suffix: "count",
    command: (key) => ({ name: "INCR", args: [key] }),
    read: ["GET"],
    found: (reply) => ({ elements: [], count: Number(reply ?? 0) }),
  },
};

/** The key of a command's traces; keys of one tag are in one slot. */
export function traceKey(key: string, command: CallCommand): string {
  return `client:${key}:${TRACES[command].suffix}`;
}

export function tracing(command: CallCommand, key: string, element: string): ClientCommand {
  return TRACES[command].command(key, element);
}

/** How the traces of a command are read from its key. */
export function traceRead(command: CallCommand): Pick<Trace, "read" | "found"> {
  return TRACES[command];
}
