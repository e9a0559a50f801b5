/** The client that fits the system under test. */
import type { WorkerContext } from "../workload.ts";
import { ClusterClient } from "./cluster-client.ts";
import type { DataClient } from "./data-client.ts";
import { PrimaryClient } from "./primary-client.ts";

export async function openDataClient(context: WorkerContext, commandTimeoutMs: number): Promise<DataClient> {
  const client =
    context.system === "cluster"
      ? new ClusterClient(context, commandTimeoutMs)
      : new PrimaryClient(context, commandTimeoutMs);
  await client.open();
  return client;
}
