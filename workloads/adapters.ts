/**
 * The contracts of whatever of yours is put to the test: locks, and what delivers messages, caches, leads, or sends
 * commands. They are explained with examples in `docs/adapters.md`.
 * @module redquake/adapter
 */
export type { AdapterEnvironment, AdapterKindName, AnyAdapter, Endpoint } from "./adapter/adapter.ts";
export type { Candidate, LeaderAdapter, LeaderClient, LeaderEnvironment, Standing, Term } from "./leader/adapter.ts";
export type { Held, LockAdapter, LockClient, Wait } from "./lock/adapter.ts";
