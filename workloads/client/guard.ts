/** Stands between the workload and a client's adapter: what the adapter does by itself wrongly ends the run. */
import { AdapterError } from "../adapter/adapter-error.ts";
import type { AdapterEnvironment } from "../adapter/adapter.ts";
import { GuardedCalls, openInTime } from "../adapter/guarded-calls.ts";
import type { GuardOptions } from "../adapter/guarded-calls.ts";
import type { Client, ClientAdapter, ClientCommand } from "./adapter.ts";
import { assertClient, assertReplies, assertReply } from "./adapter-shape.ts";
import { refusedByServer } from "./refusal.ts";

/** The reply of one command, or what it failed with. */
export type Answer = { readonly reply: string | number | null } | { readonly error: string; readonly refused: boolean };

/** A client whose answers are checked. Its methods reject with an AdapterError only. */
export interface GuardedClient {
  readonly has: { readonly transaction: boolean; readonly pipeline: boolean };
  command(command: ClientCommand): Promise<Answer>;
  /** One answer for each of them; where the whole was not carried out, the same for all. */
  transaction(commands: readonly ClientCommand[]): Promise<readonly Answer[]>;
  pipeline(commands: readonly ClientCommand[]): Promise<readonly Answer[]>;
  /** Waits at the server for that many seconds. */
  blocking(command: ClientCommand, seconds: number): Promise<Answer>;
  /** Reads, and says nothing of what it has read. */
  look(command: ClientCommand): Promise<Answer>;
  close(): Promise<void>;
}

/** So much of an error goes into the history. */
const MOST_CHARACTERS = 300;
/** What a mistake in a program throws. */
const OWN_MISTAKES = [TypeError, ReferenceError, SyntaxError, RangeError];

/** @throws AdapterError when it cannot be opened. */
export async function openGuarded(
  adapter: ClientAdapter,
  environment: AdapterEnvironment,
  options: GuardOptions,
): Promise<GuardedClient> {
  const { named, deadlineMs } = options;
  const guard = new GuardedCalls(options);
  const client: Client = assertClient(await openInTime(adapter, environment, options), named);

  const failed = (error: unknown): Answer => {
    if (isOwnMistake(error))
      throw new AdapterError({
        adapter: named,
        problem: "throws an error of its own program",
        thrown: error,
        remedy: "correct it; what a client library throws is passed on as it is",
      });
    const message = error instanceof Error ? error.message : String(error);
    return { error: message.slice(0, MOST_CHARACTERS), refused: refusedBy(adapter, error, named) };
  };
  const one = async (method: string, ms: number, command: ClientCommand, call: () => Promise<unknown>) =>
    guard.call(method, ms, async (): Promise<Answer> => {
      try {
        return { reply: assertReply(await call(), command, named) };
      } catch (error) {
        if (error instanceof AdapterError) throw error;
        return failed(error);
      }
    });
  const many = async (
    method: "transaction" | "pipeline",
    commands: readonly ClientCommand[],
  ): Promise<readonly Answer[]> =>
    guard.call(method, deadlineMs, async () => {
      try {
        const replies = assertReplies(await client[method]?.(commands), commands, method, named);
        return commands.map((command, i) =>
          replies[i] instanceof Error ? failed(replies[i]) : { reply: assertReply(replies[i], command, named) },
        );
      } catch (error) {
        if (error instanceof AdapterError) throw error;
        const answer = failed(error);
        return commands.map(() => answer);
      }
    });
  return {
    has: { transaction: client.transaction !== undefined, pipeline: client.pipeline !== undefined },
    command: (command) => one("command", deadlineMs, command, () => client.command(command.name, command.args)),
    transaction: (commands) => many("transaction", commands),
    pipeline: (commands) => many("pipeline", commands),
    blocking: (command, seconds) =>
      one("blocking", deadlineMs + seconds * 1_000, command, async () => {
        await (client.blocking?.(command.name, command.args) ?? client.command(command.name, command.args));
        return null;
      }),
    look: (command) =>
      one("command", deadlineMs, command, async () => {
        await client.command(command.name, command.args);
        return null;
      }),
    close: () => guard.call("close", deadlineMs, async () => client.close?.()),
  };
}

function refusedBy(adapter: ClientAdapter, error: unknown, named: string): boolean {
  if (adapter.refused === undefined) return refusedByServer(error);
  const remedy = "refused(error) must say true or false of whatever a call rejects with";
  let refused: unknown;
  try {
    refused = adapter.refused(error);
  } catch (thrown) {
    throw new AdapterError({ adapter: named, problem: "throws in refused()", thrown, remedy });
  }
  if (typeof refused === "boolean") return refused;
  throw new AdapterError({ adapter: named, problem: `returns ${typeof refused} from refused()`, remedy });
}

/**
 * A mistake of the adapter's own: what a client library throws under a fault, whatever its class, is its user's to see.
 */
function isOwnMistake(error: unknown): boolean {
  if (!OWN_MISTAKES.some((kind) => error instanceof kind)) return false;
  const [, place = ""] = ((error as Error).stack ?? "").split(/\n\s+at /);
  return !place.includes("node_modules") && !place.includes("node:");
}
