/**
 * `ioredis` (https://github.com/redis/ioredis), a client of one server, of the primary that sentinels name, or of a
 * Cluster.
 *
 * Options: its defaults. `ioredis/safe` sends nothing twice (`autoResendUnfulfilledCommands: false`,
 * `maxRetriesPerRequest: 0`), waits for no answer longer than two seconds (`commandTimeout`), gives up a connection
 * that is silent for three (`socketTimeout`), and connects anew when a server says READONLY (`reconnectOnError`).
 */
import { once } from "node:events";
import type { EventEmitter } from "node:events";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { AdapterEnvironment } from "../../adapter/adapter.ts";
import type { Client, ClientCommand } from "../adapter.ts";
import type { ClientPackage } from "./library.ts";
import { SAFE_SOCKET_TIMEOUT_MS, SAFE_TIMEOUT_MS } from "./library.ts";

type Replies = readonly (readonly [error: Error | null, reply: unknown])[];

interface Chain {
  exec(): Promise<Replies | null>;
}

interface Ioredis extends EventEmitter {
  call(name: string, ...args: readonly (string | number)[]): Promise<unknown>;
  multi(commands: readonly (readonly (string | number)[])[]): Chain;
  pipeline(commands: readonly (readonly (string | number)[])[]): Chain;
  disconnect(): void;
}

interface IoredisModule {
  readonly Redis: new (options: object) => Ioredis;
  readonly Cluster: new (nodes: readonly object[], options: object) => Ioredis;
}

const SAFE_OPTIONS = {
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: SAFE_TIMEOUT_MS,
  socketTimeout: SAFE_SOCKET_TIMEOUT_MS,
  reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
};

export const ioredis = library("ioredis", {});
export const ioredisSafe = library("ioredis/safe", SAFE_OPTIONS, "safe settings");

function library(name: string, options: object, variant?: string): ClientPackage {
  return {
    name,
    package: "ioredis",
    tried: ["5.11.1", "6.0.0"],
    ...(variant === undefined ? {} : { variant }),
    adapter: (installed) => ({
      kind: "client",
      async open(environment): Promise<Client> {
        const client = opened(loadClientLibrary(installed) as IoredisModule, environment, options);
        // Without a listener it writes every error to the standard error by itself.
        client.on("error", (error: Error) => environment.log(`ioredis: ${error.message}`));
        await once(client, "ready");
        return {
          command: (command, args) => client.call(command, ...args),
          transaction: async (commands) => repliesOf(await client.multi(commands.map(words)).exec()),
          pipeline: async (commands) => repliesOf(await client.pipeline(commands.map(words)).exec()),
          close: () => Promise.resolve(client.disconnect()),
        };
      },
    }),
  };
}

function opened(
  { Redis, Cluster }: IoredisModule,
  { system, endpoints, masterName, commandTimeoutMs }: AdapterEnvironment,
  own: object,
): Ioredis {
  const options = { ...own, ...(commandTimeoutMs === undefined ? {} : { commandTimeout: commandTimeoutMs }) };
  if (system === "cluster") return new Cluster(endpoints, { redisOptions: options });
  if (masterName !== undefined) return new Redis({ ...options, sentinels: endpoints, name: masterName });
  return new Redis({ ...options, ...endpoints[0] });
}

function words({ name, args }: ClientCommand): (string | number)[] {
  return [name.toLowerCase(), ...args];
}

function repliesOf(replies: Replies | null): readonly unknown[] {
  if (replies === null) throw new Error("EXEC gave null, and nothing was watched");
  return replies.map(([error, reply]) => error ?? reply);
}
