/** Whether what a module exports is an adapter of a delivery, and what its methods return is what they must. */
import { z } from "zod";
import { AdapterError } from "../adapter/adapter-error.ts";
import { A_FUNCTION, COMMON_FACTS, complaint } from "../adapter/shape.ts";
import type { Consumption, DeliveryAdapter, DeliveryClient, DeliveryContract } from "./adapter.ts";

const FACTS = {
  ...COMMON_FACTS,
  kind: z.literal("delivery"),
  contract: z.enum(["at-most-once", "at-least-once", "exactly-once-effect"]),
  audience: z.enum(["each", "group"]).optional(),
  ordered: z.boolean().optional(),
  delays: z.boolean().optional(),
  redelivers: z.boolean().optional(),
  takeoverMs: z.number().positive().optional(),
};

const ADAPTER = z.looseObject({ ...FACTS, open: A_FUNCTION });
const CLIENT = z.looseObject({ publish: A_FUNCTION, consume: A_FUNCTION, close: A_FUNCTION.optional() });
const CONSUMPTION = z.looseObject({ stop: A_FUNCTION });

/** What has to be known of an adapter before anything is started. */
export const DELIVERY_FACTS = z.object(FACTS);
export type DeliveryFacts = z.infer<typeof DELIVERY_FACTS>;

const DEFAULT_TAKEOVER_MS = 5_000;

/** The facts with those that an adapter leaves to their defaults. */
export interface WholeFacts {
  readonly contract: DeliveryContract;
  readonly audience: "each" | "group";
  readonly ordered: boolean;
  readonly delays: boolean;
  readonly redelivers: boolean;
  readonly takeoverMs: number;
}

export function wholeFacts(facts: Omit<DeliveryFacts, keyof typeof COMMON_FACTS>): WholeFacts {
  const { contract } = facts;
  const audience = facts.audience ?? (contract === "at-most-once" ? "each" : "group");
  return {
    contract,
    audience,
    ordered: facts.ordered ?? audience === "each",
    delays: facts.delays ?? false,
    redelivers: facts.redelivers ?? contract !== "at-most-once",
    takeoverMs: facts.takeoverMs ?? DEFAULT_TAKEOVER_MS,
  };
}

/** @throws AdapterError naming what it lacks. */
export function assertDeliveryAdapter(value: unknown, adapter: string): DeliveryAdapter {
  const why = complaint(ADAPTER, value, {
    open: "(environment) => { publish, consume, close? }",
    name: `"my-queue@1.0.0"`,
    contract: `"at-least-once"`,
  });
  if (why === undefined) return value as DeliveryAdapter;
  throw new AdapterError({
    adapter,
    problem: `exports something that is no adapter of a delivery: ${why}`,
    remedy: `it must be { kind: "delivery", name: "my-queue@1.0.0", contract: "at-least-once", open(environment) { … } } (docs/delivery.md)`,
  });
}

/** @throws AdapterError naming what it lacks. */
export function assertDeliveryClient(value: unknown, adapter: string): DeliveryClient {
  const why = complaint(CLIENT, value);
  if (why === undefined) return value as DeliveryClient;
  throw new AdapterError({
    adapter,
    problem: `returns no client from open(): ${why}`,
    remedy: "open() must return { publish(channel, text) { … }, consume(channel, handler, consumer) { … }, close?() }",
  });
}

/** @throws AdapterError naming what it lacks. */
export function assertConsumption(value: unknown, adapter: string): Consumption {
  const why = complaint(CONSUMPTION, value);
  if (why === undefined) return value as Consumption;
  throw new AdapterError({
    adapter,
    problem: `returns nonsense from consume(): ${why}`,
    remedy: "consume() must resolve to { stop() { … } } when the consumer is in place",
  });
}
