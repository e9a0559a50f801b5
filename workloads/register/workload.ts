/**
 * Registers: each worker writes rising values to its own keys and reads everybody's, so that a stale read and a lost write can be told
 * without any search.
 *
 * Options: `keys` (of this worker), `allKeys` (of all workers; what the reader reads in the end), `readShare` (percent of reads),
 * `everyMs`, `commandTimeoutMs`.
 */
import { pause } from "../../machine/long-timeout.ts";
import { openDataClient } from "../clients/open-data-client.ts";
import { readFinally } from "../final-reads.ts";
import { keyedOperation } from "../keyed-operation.ts";
import { optionReader } from "../options.ts";
import type { WorkerContext, Workload } from "../workload.ts";

export const registerWorkload: Workload = { name: "register", roles: { client, reader } };

async function client(context: WorkerContext): Promise<void> {
  const options = optionReader(context.options);
  const keys = options.texts("keys");
  const allKeys = options.texts("allKeys", keys);
  const readShare = options.number("readShare", 50);
  const everyMs = options.number("everyMs", 8);
  const data = await openDataClient(context, options.timerMs("commandTimeoutMs", 500));
  const logical = context.client();
  let value = 0;
  await context.ready();
  while (!context.loading.aborted) {
    if (context.random.integer(1, 100) <= readShare) {
      await keyedOperation(logical, data, {
        f: "read",
        key: context.random.pick(allKeys),
        value: null,
        reads: true,
        send(server) {
          return server.call(this.key, "GET");
        },
        result: numberOrNull,
      });
    } else {
      value += 1;
      await keyedOperation(logical, data, {
        f: "write",
        key: context.random.pick(keys),
        value,
        send(server) {
          return server.call(this.key, "SET", value);
        },
      });
    }
    if (everyMs > 0) await pause(context.random.integer(0, everyMs));
  }
  data.close();
}

async function reader(context: WorkerContext): Promise<void> {
  await readFinally(context, { command: "GET", result: numberOrNull });
}

function numberOrNull(reply: unknown): number | null {
  return reply === null ? null : Number(reply);
}
