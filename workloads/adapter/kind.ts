/** The contract of a kind of adapter: how redquake knows one, and what it brings along of that kind. */
import type { z } from "zod";
import type { SystemPlan } from "../../history/plan.ts";
import type { AdapterKindName, AnyAdapter } from "./adapter.ts";
import type { JsonLines } from "./json-lines.ts";
import type { Shelf } from "./shelf.ts";

export interface AdapterKind<Adapter extends AnyAdapter = AnyAdapter> {
  readonly kind: AdapterKindName;
  /** The systems that an adapter is put on when it names none. */
  readonly systemsOf: (facts: AdapterFacts) => readonly SystemPlan["kind"][];
  /** How many servers it is put through its contract on. */
  readonly testServers: (facts: AdapterFacts) => number;
  /** What has to be known of an adapter before anything is started; strips everything else. */
  readonly facts: z.ZodType<AdapterFacts>;
  /** What redquake brings along. */
  readonly shelf: Shelf<Adapter>;
  /** @throws AdapterError naming what it lacks. */
  assert(value: unknown, named: string): Adapter;
  /**
   * An adapter in any language.
   * @param describes what its process said of itself, read by a schema
   * @param next the process of the next client
   * @throws AdapterError when the description is wrong.
   */
  command(describes: <T>(shape: z.ZodType<T>) => T, next: () => JsonLines): Adapter;
}

/** What is known of every adapter; each kind adds its own. */
export interface AdapterFacts {
  readonly kind?: AdapterKindName | undefined;
  readonly name: string;
  readonly systems?: readonly string[] | undefined;
}
