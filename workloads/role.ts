/**
 * What a role is declared with: the options that it takes, with their meaning, the barriers that it comes to, and the
 * operations that it records. A plan that names anything else is refused before it starts (`checkPlan`).
 */
import { z } from "zod";
import { LONGEST_TIMER_MS } from "../machine/long-timeout.ts";
import { ownKind } from "../machine/own-kind.ts";
import type { Json } from "../history/operation.ts";
import type { EventsOf, Vocabulary } from "../history/vocabulary/operation-values.ts";
import type { RecordedEvents, WorkerContext } from "./workload.ts";

/** A role's part of a worker's life: what it takes, and what it does from start to end. */
export interface Role<Options extends z.ZodObject = z.ZodObject> {
  /** Strict: an option that is not in it does not exist. */
  readonly options: Options;
  /** Where a fault can be made to strike, each with what is true there. */
  readonly barriers: { readonly [point: string]: string };
  /** The names of the operations that it records. */
  readonly events: readonly string[];
  /**
   * Connects, awaits `ready()`, works until its signal is aborted, and returns. An error that it throws is an error of
   * the harness; what the system under test does wrong is a completion.
   */
  readonly play: (context: WorkerContext) => Promise<void>;
}

/** What client processes do, by their roles. */
export interface Workload {
  readonly name: string;
  readonly roles: { readonly [role: string]: Role };
}

/** A workload of one's own, exported from a module that a campaign names. */
export function defineWorkload<Own extends Workload>(workload: Own): Own {
  return ownKind("workload", workload);
}

/** Operations with the values that they record, or their names alone. */
type Declared = Vocabulary | readonly string[];

interface Declaration<Shape extends z.ZodRawShape, Events extends Declared> {
  readonly options: Shape;
  readonly barriers?: Role["barriers"];
  readonly events: Events;
}

/** What a role may record by its declaration. */
type RecordedBy<Events extends Declared> = Events extends Vocabulary ? EventsOf<Events> : RecordedEvents;

/** What a role gets of the options that it declares. */
export type OptionsOf<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape, z.core.$strict>>;

/** @param play gets the options typed, with their defaults, and clients that record what `events` declares */
export function role<Shape extends z.ZodRawShape, Events extends Declared>(
  { options, barriers = {}, events }: Declaration<Shape, Events>,
  play: (context: WorkerContext<RecordedBy<Events>>, options: OptionsOf<Shape>) => Promise<void>,
): Role<z.ZodObject<Shape, z.core.$strict>> {
  const schema = z.strictObject(options);
  return {
    options: schema,
    barriers,
    events: namesOf(events),
    // A client gives back what it has recorded, so what comes out has the type of what went in.
    play: (context) =>
      play(context as unknown as WorkerContext<RecordedBy<Events>>, schema.parse(own(schema, context.options))),
  };
}

function namesOf(events: Declared): readonly string[] {
  return Array.isArray(events) ? (events as readonly string[]) : Object.keys(events);
}

/** Options of the whole plan reach all its roles: a role takes its own. */
function own(schema: z.ZodObject, options: { readonly [name: string]: Json }): { [name: string]: Json } {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(schema.shape, name)));
}

/** A time in milliseconds. */
export const ms = z.number().nonnegative();

/** Milliseconds for the timers of a client library, which end where those of Node.js do: after 24 days. */
export const timerMs = z.number().nonnegative().max(LONGEST_TIMER_MS);

export const keys = z.array(z.string()).min(1).readonly();
