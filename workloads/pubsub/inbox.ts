/** What comes in on a subscribed connection, in order: messages, and the loss of the connection between them. */
import type { Redis } from "ioredis";

export type Incoming =
  { readonly kind: "message"; readonly message: string } | { readonly kind: "lost" } | { readonly kind: "end" };

export class Inbox {
  readonly #server: Redis;
  readonly #queue: Incoming[] = [];
  #wake: (() => void) | undefined;
  #connected = false;
  #caughtUp = false;

  constructor(server: Redis, channel: string) {
    this.#server = server;
    server.on("message", (from: string, message: string) => {
      if (from === channel) this.#push({ kind: "message", message });
    });
    server.on("close", () => {
      // Further attempts that fail are the same loss.
      if (this.#connected) this.#push({ kind: "lost" });
      this.#connected = false;
    });
  }

  /** The subscription is known to be in force: from now on a close of the connection is a loss. */
  opened(): void {
    this.#connected = this.#server.status === "ready";
    if (!this.#connected) this.#push({ kind: "lost" });
  }

  /** The next thing that comes in; `end` when `signal` is aborted and nothing is left. */
  async next(signal: AbortSignal): Promise<Incoming> {
    for (;;) {
      const first = this.#queue.shift();
      if (first !== undefined) return first;
      if (signal.aborted) {
        if (this.#caughtUp) return { kind: "end" };
        await this.#catchUp();
        continue;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  /**
   * Resolves when the client library has connected and subscribed again by itself. It sends its SUBSCRIBE before
   * anything else on the new connection, so an answered PING proves that the server has seen it.
   * @throws Error when `signal` is aborted before.
   */
  async subscribed(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (this.#server.status !== "ready") await this.#ready(signal);
      if (signal.aborted) throw new Error("end");
      try {
        await this.#server.ping();
        return;
      } catch (error) {
        // Lost again before it answered; the library goes on trying, and so do we.
        if (signal.aborted) throw error;
      }
    }
  }

  /** What a busy machine has not read yet is not lost: an answered PING comes after all that was sent before it. */
  async #catchUp(): Promise<void> {
    this.#caughtUp = true;
    // A connection that is lost meanwhile tells so by its close.
    if (this.#server.status === "ready") await this.#server.ping().catch(() => undefined);
  }

  #ready(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#server.once("ready", resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  #push(incoming: Incoming): void {
    this.#queue.push(incoming);
    this.#wake?.();
  }
}
