/** Commands on keys, on whatever system is under test, with the node that answered. */
import type { WorkerContext } from "../workload.ts";
import { ClusterClient } from "./cluster-client.ts";
import { PrimaryClient } from "./primary-client.ts";

export interface Answer {
  readonly reply: unknown;
  /** Name of the node that answered. */
  readonly node: string | undefined;
}

export interface DataClient {
  /** Sends one command for one key. Errors carry the node in `NodeError`. */
  call(key: string, command: string, ...args: readonly (string | number)[]): Promise<Answer>;
  /** After an unknown outcome a process never acts again: the next one starts with connections and knowledge of its own. */
  renew(): Promise<void>;
  close(): void;
}

export async function dataClient(context: WorkerContext, commandTimeoutMs: number): Promise<DataClient> {
  const client =
    context.system === "cluster"
      ? new ClusterClient(context, commandTimeoutMs)
      : new PrimaryClient(context, commandTimeoutMs);
  await client.open();
  return client;
}
