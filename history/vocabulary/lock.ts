/** What the lock workload records. */
import { z } from "zod";
import type { EventsOf, Vocabulary } from "./operation-values.ts";

const KEY = z.string();
/** One time that somebody got a lock: `grant` is unique in the run. */
const OF_A_GRANT = { key: KEY, grant: z.string() };
/** A text is of digits, where a number would not be exact. */
export const TOKEN = z.union([z.number(), z.string().regex(/^\d+$/)]);
/** What a library said is left of a lock, in milliseconds. */
const MS = z.number();

const VOICE = z.enum(["isHeld", "validUntil", "signal"]);

const LOG_ENTRY = z.strictObject({
  seq: z.number(),
  op: z.enum(["read", "write"]),
  grant: z.string(),
  value: z.number(),
  token: TOKEN.exactOptional(),
  accepted: z.boolean(),
});

const LEFT_KEY = z.strictObject({
  server: z.string(),
  key: z.string(),
  type: z.string(),
  ttlMs: z.number(),
  counter: z.boolean(),
});

const SERVER_COMMANDS = z.record(z.string(), z.record(z.string(), z.number()));

/** Recorded by the clients that ask for locks. */
export const LOCK_CLIENT = {
  acquire: {
    invoke: KEY,
    ok: z.strictObject({
      ...OF_A_GRANT,
      token: TOKEN.exactOptional(),
      ttlMs: MS.exactOptional(),
      attemptMs: MS.exactOptional(),
      validForMs: MS.exactOptional(),
      says: z.array(VOICE).exactOptional(),
    }),
  },
  read: {
    invoke: z.strictObject({ ...OF_A_GRANT, token: TOKEN.exactOptional() }),
    ok: z.strictObject({ ...OF_A_GRANT, value: z.number(), seq: z.number() }),
    fail: z.strictObject({ ...OF_A_GRANT, seq: z.number() }),
  },
  belief: {
    invoke: z.strictObject(OF_A_GRANT),
    ok: z.strictObject({ ...OF_A_GRANT, held: z.boolean(), remainingMs: MS.exactOptional() }),
  },
  write: {
    invoke: z.strictObject({
      ...OF_A_GRANT,
      value: z.number(),
      token: TOKEN.exactOptional(),
      held: z.boolean().exactOptional(),
      remainingMs: MS.exactOptional(),
    }),
    ok: z.strictObject({ ...OF_A_GRANT, value: z.number(), seq: z.number() }),
    fail: z.strictObject({ ...OF_A_GRANT, value: z.number(), seq: z.number() }),
  },
  extend: {
    invoke: z.strictObject(OF_A_GRANT),
    ok: z.strictObject({ ...OF_A_GRANT, validForMs: MS.exactOptional() }),
  },
  lost: { invoke: z.strictObject(OF_A_GRANT), ok: z.strictObject(OF_A_GRANT) },
  release: {
    invoke: z.strictObject({ ...OF_A_GRANT, refreshed: z.boolean().exactOptional() }),
    ok: z.strictObject({ ...OF_A_GRANT, freed: z.boolean().nullable() }),
  },
  outcome: {
    invoke: z.strictObject(OF_A_GRANT),
    ok: z.strictObject({
      ...OF_A_GRANT,
      settled: z.enum(["fulfilled", "rejected"]),
      error: z.string().exactOptional(),
    }),
  },
} as const satisfies Vocabulary;

/** Recorded by the worker that looks at the servers and the resource. */
export const LOCK_READER = {
  commands: { invoke: z.null(), ok: z.strictObject({ servers: SERVER_COMMANDS }) },
  leftovers: { invoke: z.null(), ok: z.strictObject({ keys: z.array(LEFT_KEY) }) },
  log: { invoke: KEY, ok: z.strictObject({ key: KEY, entries: z.array(LOG_ENTRY) }) },
} as const satisfies Vocabulary;

export const LOCK = { ...LOCK_CLIENT, ...LOCK_READER };

export type LockClientEvents = EventsOf<typeof LOCK_CLIENT>;

export type Token = z.output<typeof TOKEN>;

/** A way in which a library can say something of a lock that its client has got. */
export type Voice = z.output<typeof VOICE>;

/** Something that arrived at the protected resource. */
export type LogEntry = z.output<typeof LOG_ENTRY>;

/** A key that is left on a server: `ttlMs` is -1 where it never expires, `counter` tells a whole number. */
export type LeftKey = z.output<typeof LEFT_KEY>;

/** How often each server has carried out each command. */
export type ServerCommands = z.output<typeof SERVER_COMMANDS>;
