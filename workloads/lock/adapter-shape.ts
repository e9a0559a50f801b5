/** Whether what a module exports is an adapter, and whether what its methods return is what they must. */
import { z } from "zod";
import type { Held, LockAdapter, LockClient } from "./adapter.ts";
import { AdapterError } from "../adapter/adapter-error.ts";
import { A_FUNCTION, COMMON_FACTS, complaint, shown } from "../adapter/shape.ts";
import { tokenOf } from "./token.ts";

const FACTS = {
  ...COMMON_FACTS,
  servers: z.enum(["one", "majority"]).optional(),
  limit: z.int().min(1).optional(),
  minTtlMs: z.number().positive().optional(),
  blocking: z.literal(true).optional(),
};

const ADAPTER = z.looseObject({ ...FACTS, open: A_FUNCTION, refused: A_FUNCTION.optional() });
const CLIENT = z.looseObject({ acquire: A_FUNCTION, close: A_FUNCTION.optional() });
const HELD = z.looseObject({
  release: A_FUNCTION,
  extend: A_FUNCTION.optional(),
  isHeld: A_FUNCTION.optional(),
  validUntil: A_FUNCTION.optional(),
  signal: z.instanceof(AbortSignal).optional(),
  outcome: z.instanceof(Promise).optional(),
});

/** What has to be known of an adapter before anything is started. */
export const LOCK_FACTS = z.object(FACTS);
export type LockFacts = z.infer<typeof LOCK_FACTS>;

/** @throws AdapterError naming what it lacks. */
export function assertAdapter(value: unknown, adapter: string): LockAdapter {
  const why = complaint(ADAPTER, value, { open: "(environment) => { acquire, close? }", name: `"my-lock@1.0.0"` });
  if (why === undefined) return value as LockAdapter;
  throw new AdapterError({
    adapter,
    problem: value === undefined ? "exports no adapter" : `exports something that is no adapter: ${why}`,
    remedy: `its default export, or the export \`adapter\`, must be { name: "my-lock@1.0.0", open(environment) { … } } (docs/adapters.md)`,
  });
}

/** @throws AdapterError naming what it lacks. */
export function assertClient(value: unknown, adapter: string): LockClient {
  const why = complaint(CLIENT, value);
  if (why === undefined) return value as LockClient;
  throw new AdapterError({
    adapter,
    problem: `returns no lock client from open(): ${why}`,
    remedy: "open() must return { acquire(key, ttlMs, wait) { … }, close?() { … } }",
  });
}

/** @throws AdapterError naming what is wrong with what acquire() gave. */
export function assertHeldOrNull(value: unknown, adapter: string): Held | null {
  if (value === null) return null;
  const problem = (why: string): AdapterError =>
    new AdapterError({
      adapter,
      problem: `returns nonsense from acquire(): ${why}`,
      remedy:
        "acquire() must resolve to { release() { … }, … } when it has got the lock, and to null when somebody else has it",
    });
  const why = complaint(HELD, value);
  if (why !== undefined) throw problem(why);
  const held = value as Held;
  const until: unknown = held.validUntil?.();
  if (until !== undefined && !Number.isFinite(until))
    throw problem(`validUntil() gives ${shown(until)}, which is no time in milliseconds since 1970`);
  try {
    tokenOf(held);
  } catch (error) {
    throw problem((error as Error).message);
  }
  return held;
}
