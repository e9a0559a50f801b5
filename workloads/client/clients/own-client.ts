/** Redquake's own clients: how they send what they are asked for, and what may be wrong with them on purpose. */
import type { Redis } from "ioredis";
import { outcomeOf } from "../../outcomes.ts";
import type { Client, ClientAdapter, ClientCommand } from "../adapter.ts";
import type { Connections } from "./connections.ts";
import { connectionsOf } from "./connections.ts";

/** Sends what it was asked for, once. */
type Send = () => Promise<readonly unknown[]>;

/** What is done otherwise than in the reference. */
export interface OwnSteps {
  /**
   * Around each call. Default: it is sent once, and what that comes to is what its caller gets.
   * @param count of commands in it
   */
  readonly around?: (send: Send, count: number, signal: AbortSignal) => Promise<readonly unknown[]>;
  /** See `connectionsOf`. */
  readonly follows?: boolean;
  readonly refused?: (error: unknown) => boolean;
}

/** Everything that it sends it sends once, so that it knows what was not done. */
function certainlyNotDone(error: unknown): boolean {
  return outcomeOf(error, { reads: false }).type === "fail";
}

export function ownClient(
  name: string,
  { around = (send) => send(), follows = true, refused = certainlyNotDone }: OwnSteps = {},
): ClientAdapter {
  return {
    kind: "client",
    name,
    refused,
    async open(environment): Promise<Client> {
      const connections = connectionsOf(environment, follows);
      await connections.open();
      const sending = (count: number, send: Send) => around(send, count, environment.signal);
      return {
        command: async (command, args) => {
          const [reply] = await sending(1, async () => [
            await on(connections, String(args[0]), (redis) => redis.call(command, ...args)),
          ]);
          return reply;
        },
        transaction: (commands) =>
          sending(commands.length, () =>
            on(connections, keyOf(commands[0]), async (redis) => {
              const replies = await redis.multi(commands.map(words)).exec();
              // Without WATCH there is always an answer.
              return (replies ?? []).map(([error, reply]) => error ?? reply);
            }),
          ),
        pipeline: (commands) => sending(commands.length, () => pipelines(connections, commands)),
      };
    },
  };
}

/** One pipeline for each connection. */
async function pipelines(connections: Connections, commands: readonly ClientCommand[]): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  const byConnection = new Map<Redis, number[]>();
  for (const [i, command] of commands.entries()) {
    try {
      const connection = await connections.of(keyOf(command));
      byConnection.set(connection, [...(byConnection.get(connection) ?? []), i]);
    } catch (error) {
      answers[i] = error;
    }
  }
  const sent = [...byConnection].map(async ([connection, places]) => {
    const replies = await connection.pipeline(places.map((i) => words(commands[i]))).exec();
    for (const [at, i] of places.entries()) {
      const [error, reply] = replies?.[at] ?? [new Error("the pipeline was not answered"), null];
      answers[i] = error ?? reply;
      if (error !== null) connections.met(error, keyOf(commands[i]), connection);
    }
  });
  await Promise.all(sent);
  return answers;
}

async function on<T>(connections: Connections, key: string, send: (redis: Redis) => Promise<T>): Promise<T> {
  const connection = await connections.of(key);
  try {
    return await send(connection);
  } catch (error) {
    const { previousErrors = [] } = error as { previousErrors?: readonly Error[] };
    for (const each of [...previousErrors, error as Error]) connections.met(each, key, connection);
    throw error;
  }
}

function words(command: ClientCommand | undefined): (string | number)[] {
  return command === undefined ? [] : [command.name.toLowerCase(), ...command.args];
}

function keyOf(command: ClientCommand | undefined): string {
  return String(command?.args[0]);
}
