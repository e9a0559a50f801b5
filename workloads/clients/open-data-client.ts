/** The client that fits the system under test. */
import type { WorkerSurroundings } from "../workload.ts";
import { ClusterClient } from "./cluster-client.ts";
import type { DataClient } from "./data-client.ts";
import { EtcdClient } from "./etcd-client.ts";
import { PrimaryClient } from "./primary-client.ts";

export async function openDataClient(context: WorkerSurroundings, commandTimeoutMs: number): Promise<DataClient> {
  const client = clientOf(context, commandTimeoutMs);
  await client.open();
  return client;
}

function clientOf(context: WorkerSurroundings, commandTimeoutMs: number): ClusterClient | EtcdClient | PrimaryClient {
  if (context.system === "cluster") return new ClusterClient(context, commandTimeoutMs);
  if (context.system === "etcd") return new EtcdClient(context, commandTimeoutMs);
  return new PrimaryClient(context, commandTimeoutMs);
}
