/** What the producers and workers of a job queue record; `channel` is the queue's name. */
import { z } from "zod";
import { CHANNEL, MESSAGE } from "./messages.ts";
import type { EventsOf, Vocabulary } from "./operation-values.ts";

/** `run` is unique in the history: one time that a worker begins with the job. */
const RUN = z.strictObject({ ...MESSAGE, run: z.string() });

/** `run` is whose result the job has; `starts` is null where the queue does not count. */
const JOB = z.strictObject({
  message: z.string(),
  state: z.string(),
  starts: z.number().nullable(),
  run: z.string().nullable(),
});

const EFFECT = z.strictObject({ message: z.string(), run: z.string() });

export const JOBS = {
  add: { invoke: z.strictObject(MESSAGE), ok: z.strictObject({ ...MESSAGE, id: z.string().nullable() }) },
  deliver: { invoke: CHANNEL, ok: RUN.extend({ start: z.number().nullable() }) },
  effect: { invoke: RUN, ok: RUN },
  ack: { invoke: RUN, ok: RUN },
  jobs: { invoke: CHANNEL, ok: z.strictObject({ channel: z.string(), jobs: z.array(JOB) }) },
  effects: { invoke: CHANNEL, ok: z.strictObject({ channel: z.string(), effects: z.array(EFFECT) }) },
} as const satisfies Vocabulary;

export type JobEvents = EventsOf<typeof JOBS>;

/** A job as the queue knows it in the end. */
export type ListedJob = z.output<typeof JOB>;

/** A side effect, and which run of the job made it. */
export type SideEffect = z.output<typeof EFFECT>;
