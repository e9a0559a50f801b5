/** Whether what a module exports is an adapter of a client, and whether what its methods give is what they must. */
import { z } from "zod";
import { AdapterError } from "../adapter/adapter-error.ts";
import { A_FUNCTION, COMMON_FACTS, complaint, shown } from "../adapter/shape.ts";
import type { Client, ClientAdapter, ClientCommand } from "./adapter.ts";

const FACTS = { ...COMMON_FACTS, kind: z.literal("client") };

const ADAPTER = z.looseObject({ ...FACTS, open: A_FUNCTION, refused: A_FUNCTION.optional() });
const CLIENT = z.looseObject({
  command: A_FUNCTION,
  transaction: A_FUNCTION.optional(),
  pipeline: A_FUNCTION.optional(),
  blocking: A_FUNCTION.optional(),
  close: A_FUNCTION.optional(),
});

/** What has to be known of an adapter before anything is started. */
export const CLIENT_FACTS = z.object(FACTS);

/** @throws AdapterError naming what it lacks. */
export function assertClientAdapter(value: unknown, adapter: string): ClientAdapter {
  const why = complaint(ADAPTER, value, {
    kind: `"client"`,
    name: `"my-client@1.0.0"`,
    open: "(environment) => { command, close? }",
  });
  if (why === undefined) return value as ClientAdapter;
  throw new AdapterError({
    adapter,
    problem: value === undefined ? "exports no adapter" : `exports something that is no adapter: ${why}`,
    remedy: `its default export, or the export \`adapter\`, must be { kind: "client", name: "my-client@1.0.0", open(environment) { … } } (docs/clients.md)`,
  });
}

/** @throws AdapterError naming what it lacks. */
export function assertClient(value: unknown, adapter: string): Client {
  const why = complaint(CLIENT, value);
  if (why === undefined) return value as Client;
  throw new AdapterError({
    adapter,
    problem: `returns no client from open(): ${why}`,
    remedy:
      "open() must return { command(name, args) { … }, transaction?(commands) { … }, pipeline?(commands) { … }, close?() { … } }",
  });
}

/**
 * A reply as the history has it. That a wrapper resolves to `null` in place of the reply is a finding about it; what no
 * server can have said is an error of the adapter.
 * @throws AdapterError naming what is wrong with it.
 */
export function assertReply(value: unknown, { name }: ClientCommand, adapter: string): string | number | null {
  if (value === null) return null;
  if (name === "RPUSH" || name === "INCR") {
    const number = typeof value === "string" || typeof value === "bigint" ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number)) return number;
  } else if (typeof value === "string") return value;
  else if (value instanceof Uint8Array) return Buffer.from(value).toString();
  throw new AdapterError({
    adapter,
    problem: `returns nonsense for ${name}: ${shown(value)}`,
    remedy: "its methods must resolve to the server's replies (is a `return` missing?), and reject when there is none",
  });
}

/** @throws AdapterError when there is not one for each command. */
export function assertReplies(
  value: unknown,
  commands: readonly ClientCommand[],
  method: string,
  adapter: string,
): readonly unknown[] {
  if (Array.isArray(value) && value.length === commands.length) return value;
  throw new AdapterError({
    adapter,
    problem: `resolves ${method}() of ${commands.length} commands to ${Array.isArray(value) ? `${value.length} replies` : shown(value)}`,
    remedy: `${method}() must resolve to a list with one reply for each command, and reject when there is none`,
  });
}
