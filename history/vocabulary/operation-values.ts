/**
 * What one operation records: the values of its invocation and of its completions. Workloads are typed by these
 * declarations; a checker that reads millions of events reads single fields (`read.ts`), and parses none.
 */
import type { z } from "zod";
import type { Json } from "../operation.ts";

/** The value of an `info`, and of an operation that threw, is that of the invocation. */
export interface OperationSchema {
  readonly invoke: z.ZodType<Json>;
  readonly ok: z.ZodType<Json>;
  /** Where a refusal tells something else than what was asked for. */
  readonly fail?: z.ZodType<Json>;
}

/** Operations by their `f`. */
export type Vocabulary = { readonly [f: string]: OperationSchema };

/** The types of an operation's values. */
export interface OperationValues {
  readonly invoke: Json;
  readonly ok: Json;
  readonly fail: Json;
}

interface ValuesOf<Schema extends OperationSchema> {
  readonly invoke: z.output<Schema["invoke"]>;
  readonly ok: z.output<Schema["ok"]>;
  readonly fail: z.output<Schema["fail"] extends z.ZodType<Json> ? Schema["fail"] : Schema["invoke"]>;
}

/** The types of the values of all operations of a vocabulary. */
export type EventsOf<Words extends Vocabulary> = { readonly [F in keyof Words]: ValuesOf<Words[F]> };
