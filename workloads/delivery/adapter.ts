/**
 * The contract of whatever delivers messages: Pub/Sub, streams, queues, and libraries upon them, in a few lines. It is
 * part of `redquake/adapter`, and explained with an example in `docs/delivery.md`.
 */
import type { AdapterEnvironment, AnyAdapter } from "../adapter/adapter.ts";

/** What is promised of a message. `exactly-once-effect`: it may come again, and what it does is done once. */
export type DeliveryContract = "at-most-once" | "at-least-once" | "exactly-once-effect";

/** A library that delivers messages, and how to call it. A module gives it as its default export, or as `adapter`. */
export interface DeliveryAdapter extends AnyAdapter {
  readonly kind: "delivery";
  readonly contract: DeliveryContract;
  /**
   * `each`: every consumer gets every message. `group`: one consumer of all does. Default: `each` for `at-most-once`,
   * else `group`.
   */
  readonly audience?: "each" | "group";
  /** Messages of one publisher come in the order in which they were published. Default: true for `each`. */
  readonly ordered?: boolean;
  /** It can deliver a message later, as `publish` is asked to. Default: false. */
  readonly delays?: boolean;
  /** A message that its handler refuses is offered again. Default: false for `at-most-once`, else true. */
  readonly redelivers?: boolean;
  /**
   * How long it may take until a message of a consumer that has died is offered to another one, in milliseconds: what
   * its options say. Default: 5000.
   */
  readonly takeoverMs?: number;
  open(environment: AdapterEnvironment): DeliveryClient | Promise<DeliveryClient>;
}

export interface DeliveryClient {
  /**
   * Resolves when the message is sent, as far as the library says: to how many have received it, where it says so.
   * @throws whatever leaves it open whether the message was sent: it is recorded as `info`.
   */
  publish(channel: string, text: string, options: PublishOptions): Promise<unknown>;
  /** Resolves when the consumer is in place. */
  consume(channel: string, handler: Handler, consumer: Consumer): Promise<Consumption>;
  /** Called when the worker has nothing left to do; afterwards nothing may keep its process alive. */
  close?(): Promise<void>;
}

export interface PublishOptions {
  /** How long the message must wait at least; only where the adapter `delays`. */
  readonly delayMs?: number;
}

/** Resolves when the message is dealt with; rejects when it is refused. */
export type Handler = (text: string) => Promise<void>;

export interface Consumer {
  /** Consumers of one group share its messages; all of a run are of one. */
  readonly group: string;
  /** Unique in the run. */
  readonly name: string;
  /** To be called when the library says that the subscription is lost, and when it says that it is in force again. */
  readonly told: (connected: boolean) => void;
}

export interface Consumption {
  /** Ends it in order: what was handed out is dealt with, and nothing new is. */
  stop(): Promise<unknown>;
}
