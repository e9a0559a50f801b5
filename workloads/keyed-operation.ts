/** One operation on one key, recorded with the node that answered, and the renewal that an unknown outcome demands. */
import type { OperationValues } from "../history/vocabulary/operation-values.ts";
import type { Answer, DataClient } from "./clients/data-client.ts";
import type { LogicalClient, RecordedCompletion, RecordedEvents } from "./workload.ts";

export interface KeyedOperation<Values extends OperationValues> {
  /** The pair of the key and what is written, or null for a read. */
  readonly asked: Values["invoke"];
  readonly reads?: boolean;
  readonly send: (client: DataClient) => Promise<Answer>;
  /** From the reply to the pair of the completion. */
  readonly found: (reply: unknown) => Values["ok"];
}

/** The value form of registers and sets. */
export function pair<Value>(key: string, value: Value): [key: string, value: Value] {
  return [key, value];
}

export async function keyedOperation<Events extends RecordedEvents, F extends keyof Events & string>(
  logical: LogicalClient<Events>,
  client: DataClient,
  f: F,
  { asked, reads = false, send, found }: KeyedOperation<Events[F]>,
): Promise<RecordedCompletion<Events[F]>> {
  const recorded = await logical.operation(
    f,
    asked,
    ({ ok }) => send(client).then(({ reply, node }) => ok(found(reply), { node })),
    { reads },
  );
  const lostConnection = recorded.type === "fail" && reads;
  if (recorded.type === "info" || lostConnection) await client.renew();
  return recorded;
}
