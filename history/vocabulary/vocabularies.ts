/** All vocabularies of redquake's own workloads, by the workload's name, and the names of all fields in them. */
import { DELIVERY_EVENTS } from "./delivery.ts";
import { CACHE } from "./cache.ts";
import { CLIENT } from "./client.ts";
import { JOBS } from "./jobs.ts";
import { LEADER } from "./leader.ts";
import { LOCK } from "./lock.ts";
import { PUBSUB, STREAM } from "./messages.ts";
import type { EventsOf, OperationValues } from "./operation-values.ts";
import { REGISTER, SET } from "./registers.ts";

export const VOCABULARIES = {
  lock: LOCK,
  pubsub: PUBSUB,
  stream: STREAM,
  jobs: JOBS,
  delivery: DELIVERY_EVENTS,
  set: SET,
  register: REGISTER,
  cache: CACHE,
  leader: LEADER,
  client: CLIENT,
};

type AllEvents = { [Name in keyof typeof VOCABULARIES]: EventsOf<(typeof VOCABULARIES)[Name]> };
type ValuesIn<Events> = Events extends unknown ? Events[keyof Events] : never;
type Operations = ValuesIn<AllEvents[keyof AllEvents]>;
/** The value of any event. */
type AnyValue = Operations extends infer Each
  ? Each extends OperationValues
    ? Each[keyof OperationValues]
    : never
  : never;

/** The fields of `Value` whose type includes `Type`. */
type Including<Value, Type> = Value extends readonly unknown[]
  ? never
  : Value extends object
    ? { [Name in keyof Value & string]-?: [Extract<Value[Name], Type>] extends [never] ? never : Name }[keyof Value &
        string]
    : never;

/** A field that some workload writes. */
export type FieldName = Including<AnyValue, unknown>;
/** A field that some workload writes a text into; and so on. */
export type TextName = Including<AnyValue, string>;
export type NumberName = Including<AnyValue, number>;
export type FlagName = Including<AnyValue, boolean>;
export type ListName = Including<AnyValue, readonly unknown[]>;
