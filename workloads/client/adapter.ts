/**
 * The contract of a client of Redis: commands as a user's own wrapper, or a library, sends them. It is part of
 * `redquake/adapter`, and explained with an example in `docs/clients.md`.
 */
import type { AdapterEnvironment, AnyAdapter } from "../adapter/adapter.ts";

/** A client library, or a wrapper of yours around one, and how to call it. */
export interface ClientAdapter extends AnyAdapter {
  readonly kind: "client";
  /**
   * Whether what a call rejects with says that the command was certainly not carried out. Without it, error replies of
   * the server that say so count (`READONLY`, `MOVED`, `EXECABORT` …), and nothing else: after every other error nobody
   * knows.
   */
  refused?(error: unknown): boolean;
  /** Called once in each worker process, before the load begins. What it throws ends the run. */
  open(environment: AdapterEnvironment): Client | Promise<Client>;
}

/** A command and its arguments; the first one is the key. */
export interface ClientCommand {
  readonly name: string;
  readonly args: readonly (string | number)[];
}

/**
 * Methods that your wrapper does not have are left out: what a campaign needs of them is then not tried. Several calls
 * may be open at a time.
 */
export interface Client {
  /**
   * Resolves to the server's reply.
   * @throws whatever your wrapper throws, or rejects with.
   */
  command(name: string, args: readonly (string | number)[]): Promise<unknown>;
  /** `MULTI … EXEC`. All keys are in one slot. Resolves to the replies; rejects when it was not carried out. */
  transaction?(commands: readonly ClientCommand[]): Promise<readonly unknown[]>;
  /**
   * Commands that are sent at once. Resolves to a reply for each of them in their order, with an `Error` in the place
   * of the reply of each that failed; rejects when nothing is known of any.
   */
  pipeline?(commands: readonly ClientCommand[]): Promise<readonly unknown[]>;
  /** For commands that wait at the server, where they have a connection of their own. Default: `command`. */
  blocking?(name: string, args: readonly (string | number)[]): Promise<unknown>;
  /** Called when the worker has nothing left to do; afterwards nothing may keep its process alive. */
  close?(): Promise<void>;
}
