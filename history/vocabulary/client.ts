/**
 * What those record that put a client of Redis to the test: callers, whose commands leave traces that can be counted,
 * and a reader that counts them over connections that no fault touches.
 */
import { z } from "zod";
import type { EventsOf, Vocabulary } from "./operation-values.ts";

/** How commands can be sent. */
const CALL_VIAS = ["command", "pipeline", "transaction"] as const;
/** What is sent: each leaves a trace for each time that it was carried out. */
export const CALL_COMMANDS = ["RPUSH", "XADD", "INCR"] as const;

const CALL = {
  via: z.enum(CALL_VIAS),
  command: z.enum(CALL_COMMANDS),
  key: z.string(),
  /**
   * Unique in the history, one for each command: what `RPUSH` and `XADD` append. An `INCR` leaves no trace of its own,
   * only the count.
   */
  elements: z.array(z.string()).min(1),
};

const ASKED = z.strictObject({
  ...CALL,
  /** With an `info` only: the call had not settled by redquake's own deadline. */
  unsettled: z.literal(true).exactOptional(),
});

const BLOCKING = {
  key: z.string(),
  seconds: z.number(),
  /** One, unique in the history: it has no other meaning. */
  elements: z.array(z.string()).min(1),
};

const WAIT = z.strictObject({ ...BLOCKING, unsettled: z.literal(true).exactOptional() });

const LATE = z.strictObject({ elements: z.array(z.string()) });

const TRACES = z.strictObject({ key: z.string() });

export const CLIENT_CALLER = {
  /** Commands that were sent as one; a `fail` was refused by the server, and nobody knows of an `info`. */
  call: { invoke: ASKED, ok: z.strictObject({ ...CALL, replies: z.array(z.json()) }) },
  /** A read that is there only to be sent. */
  look: { invoke: z.strictObject({ key: z.string() }), ok: z.strictObject({ key: z.string() }) },
  /** A blocking command on a list that nobody fills. */
  wait: { invoke: WAIT, ok: z.strictObject(BLOCKING) },
  /** What a call came to that had not settled in time. */
  late: {
    invoke: LATE,
    ok: z.strictObject({
      elements: z.array(z.string()),
      end: z.enum(["resolved", "rejected"]),
      error: z.string().nullable(),
      afterMs: z.number(),
    }),
  },
} as const satisfies Vocabulary;

export const CLIENT_READER = {
  /** What a key has: the elements in their order, or a count. */
  traces: {
    invoke: TRACES,
    ok: z.strictObject({ key: z.string(), elements: z.array(z.string()), count: z.number().nullable() }),
  },
} as const satisfies Vocabulary;

export const CLIENT = { ...CLIENT_CALLER, ...CLIENT_READER };

export type CallerEvents = EventsOf<typeof CLIENT_CALLER>;
export type TraceEvents = EventsOf<typeof CLIENT_READER>;

/** How a call is sent. */
export type CallVia = (typeof CALL_VIAS)[number];
export type CallCommand = (typeof CALL_COMMANDS)[number];
