/**
 * `redis` (https://github.com/redis/node-redis), a client of one server, of the primary that sentinels name
 * (`createSentinel`), or of a Cluster (`createCluster`).
 *
 * Options: its defaults. `redis/safe` lets no command wait for a connection (`disableOfflineQueue`), gives up one that
 * has not been sent for two seconds (`commandOptions.timeout`), and a connection that is silent for three
 * (`socketTimeout`). A pipeline is what its documentation calls so: commands that are sent in one tick.
 */
import type { EventEmitter } from "node:events";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { AdapterEnvironment } from "../../adapter/adapter.ts";
import type { Client, ClientCommand } from "../adapter.ts";
import type { ClientPackage } from "./library.ts";
import { SAFE_SOCKET_TIMEOUT_MS, SAFE_TIMEOUT_MS } from "./library.ts";

/** The methods of a client, and those of a transaction, which resolve to nothing by themselves. */
interface Methods {
  rPush(key: string, element: string): unknown;
  xAdd(key: string, id: string, fields: { readonly [field: string]: string }): unknown;
  incr(key: string): unknown;
  get(key: string): unknown;
  blPop(key: string, seconds: number): unknown;
}

interface NodeRedis extends Methods, EventEmitter {
  connect(): Promise<unknown>;
  multi(): Methods & { exec(): Promise<readonly unknown[]> };
  destroy(): unknown;
}

interface NodeRedisModule {
  createClient(options: object): NodeRedis;
  createSentinel(options: object): NodeRedis;
  createCluster(options: object): NodeRedis;
}

interface Settings {
  readonly commands: object;
  readonly socket: object;
}

const DEFAULTS: Settings = { commands: {}, socket: {} };
const SAFE_SETTINGS: Settings = {
  commands: { disableOfflineQueue: true, commandOptions: { timeout: SAFE_TIMEOUT_MS } },
  socket: { socketTimeout: SAFE_SOCKET_TIMEOUT_MS },
};

export const nodeRedis = library("redis", DEFAULTS);
export const nodeRedisSafe = library("redis/safe", SAFE_SETTINGS, "safe settings");

function library(name: string, settings: Settings, variant?: string): ClientPackage {
  return {
    name,
    package: "redis",
    tried: ["5.12.1", "6.3.1"],
    ...(variant === undefined ? {} : { variant }),
    adapter: (installed) => ({
      kind: "client",
      async open(environment): Promise<Client> {
        const client = made(loadClientLibrary(installed) as NodeRedisModule, environment, settings);
        // Without a listener an error of a connection ends the process.
        for (const event of ["error", "client-error"])
          client.on(event, (error: unknown) => environment.log(`redis: ${String(error)}`));
        await client.connect();
        return {
          command: async (command, args) => send(client, { name: command, args }),
          transaction: async (commands) => {
            const multi = client.multi();
            for (const command of commands) void send(multi, command);
            return multi.exec();
          },
          pipeline: async (commands) => {
            const ends = await Promise.allSettled(commands.map(async (command) => send(client, command)));
            return ends.map((end) => (end.status === "fulfilled" ? end.value : asError(end.reason)));
          },
          close: async () => void (await client.destroy()),
        };
      },
    }),
  };
}

function made(
  { createClient, createSentinel, createCluster }: NodeRedisModule,
  { system, endpoints, masterName, commandTimeoutMs }: AdapterEnvironment,
  { commands, socket }: Settings,
): NodeRedis {
  const options = {
    ...commands,
    ...(commandTimeoutMs === undefined ? {} : { commandOptions: { timeout: commandTimeoutMs } }),
  };
  if (system === "cluster")
    return createCluster({
      rootNodes: endpoints.map((endpoint) => ({ socket: endpoint })),
      defaults: { ...options, socket },
    });
  if (masterName !== undefined)
    return createSentinel({
      name: masterName,
      sentinelRootNodes: [...endpoints],
      nodeClientOptions: { ...options, socket },
    });
  return createClient({ ...options, socket: { ...socket, ...endpoints[0] } });
}

/** By the method of the library that is for it. */
function send(to: Methods, { name, args }: ClientCommand): unknown {
  const [key = "", first = "", field = "", value = ""] = args.map(String);
  switch (name) {
    case "RPUSH":
      return to.rPush(key, first);
    case "XADD":
      return to.xAdd(key, first, { [field]: value });
    case "INCR":
      return to.incr(key);
    case "GET":
      return to.get(key);
    case "BLPOP":
      return to.blPop(key, Number(first));
    default:
      throw new RangeError(`this adapter has no method for ${name}`);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
