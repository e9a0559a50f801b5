/** What those record that put a leader election to the test: candidates, an observer of the servers, and a reader. */
import { z } from "zod";
import { LOCK_READER, TOKEN } from "./lock.ts";
import type { EventsOf, Vocabulary } from "./operation-values.ts";

/** The election's name, which is also that of the resource on which only its leader may work. */
const ELECTION = { key: z.string() };
/** One time that a candidate was told of its election: `term` is unique in the run. */
const TERM = { ...ELECTION, term: z.string() };
/** That of the candidate at the time; null where it was not told of any. */
const TERM_OR_NONE = { ...ELECTION, term: z.string().nullable() };

/** Where the servers have it who leads: this text stands at this key for as long as the candidate does. */
const SEAT = z.strictObject({ key: z.string(), value: z.string() });

const ELECTED = z.strictObject({ ...TERM, token: TOKEN.exactOptional() });
const DEMOTED = z.strictObject({ ...TERM_OR_NONE, reason: z.string().exactOptional() });
const WORK = { ...TERM, value: z.number() };

/** Recorded by the candidates. */
export const LEADER_CANDIDATE = {
  stand: { invoke: z.strictObject(ELECTION), ok: z.strictObject({ ...ELECTION, seat: SEAT.exactOptional() }) },
  /** At the moment in which the candidate is told, by a process of its own. */
  elected: { invoke: ELECTED, ok: ELECTED },
  demoted: { invoke: DEMOTED, ok: DEMOTED },
  /** What the library says when it is asked: before each piece of work, and while there is none. */
  believes: { invoke: z.strictObject(ELECTION), ok: z.strictObject({ ...TERM_OR_NONE, leads: z.boolean() }) },
  /** A write to the resource. */
  work: {
    invoke: z.strictObject({ ...WORK, token: TOKEN.exactOptional() }),
    ok: z.strictObject({ ...WORK, seq: z.number() }),
    fail: z.strictObject({ ...WORK, seq: z.number() }),
  },
  resign: {
    invoke: z.strictObject(TERM_OR_NONE),
    ok: z.strictObject({ ...TERM_OR_NONE, confirmed: z.boolean().nullable() }),
  },
} as const satisfies Vocabulary;

/** What one server has at one moment, over a connection that no fault of the candidates touches. */
export const LEADER_OBSERVER = {
  observe: {
    invoke: z.strictObject({ node: z.string() }),
    ok: z.strictObject({ node: z.string(), seats: z.array(SEAT) }),
  },
} as const satisfies Vocabulary;

/** The resource is the one that locks protect, and its log has the same form. */
export const LEADER_READER = { log: LOCK_READER.log } as const satisfies Vocabulary;

export const LEADER = { ...LEADER_CANDIDATE, ...LEADER_OBSERVER, ...LEADER_READER };

export type CandidateEvents = EventsOf<typeof LEADER_CANDIDATE>;
export type Seat = z.output<typeof SEAT>;
