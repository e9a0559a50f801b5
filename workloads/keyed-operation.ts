/** One operation on one key, recorded with the node that answered, and the renewal that an unknown outcome demands. */
import type { Json } from "../history/operation.ts";
import type { Answer, DataClient } from "./clients/data-client.ts";
import type { LogicalClient, RecordedCompletion } from "./workload.ts";

export interface KeyedOperation {
  readonly f: string;
  readonly key: string;
  /** What is written, or null for a read. */
  readonly value: Json;
  readonly reads?: boolean;
  send(client: DataClient): Promise<Answer>;
  /** From the reply to the value of the completion; absent: the value that was written. */
  result?(reply: unknown): Json;
}

export async function keyedOperation(
  logical: LogicalClient,
  client: DataClient,
  operation: KeyedOperation,
): Promise<RecordedCompletion> {
  const { f, key, value, reads = false } = operation;
  const recorded = await logical.operation(
    f,
    [key, value],
    () =>
      operation.send(client).then(({ reply, node }) => {
        const result = operation.result === undefined ? value : operation.result(reply);
        return { type: "ok", value: [key, result], node };
      }),
    { reads },
  );
  const lostConnection = recorded.type === "fail" && reads;
  if (recorded.type === "info" || lostConnection) await client.renew();
  return recorded;
}
