/**
 * Unique elements added to sets; the reader says in the end which of them are there.
 *
 * Options: `keys` (list of keys; a worker's own list wins), `everyMs` (pause between two operations), `commandTimeoutMs`.
 */
import { pause } from "../../machine/long-timeout.ts";
import { openDataClient } from "../clients/open-data-client.ts";
import { readFinally } from "../final-reads.ts";
import { keyedOperation } from "../keyed-operation.ts";
import { optionReader } from "../options.ts";
import type { WorkerContext, Workload } from "../workload.ts";

/** Elements of one worker; more than any run can add. */
const ELEMENTS_PER_WORKER = 1_000_000;

export const setWorkload: Workload = { name: "set", roles: { adder, reader } };

async function adder(context: WorkerContext): Promise<void> {
  const options = optionReader(context.options);
  const keys = options.texts("keys");
  const everyMs = options.number("everyMs", 8);
  const client = await openDataClient(context, options.timerMs("commandTimeoutMs", 500));
  const logical = context.client();
  const first = Number(context.worker.replaceAll(/\D/g, "")) * ELEMENTS_PER_WORKER;
  await context.ready();
  for (let n = 0; !context.loading.aborted; n += 1) {
    const element = first + n;
    await keyedOperation(logical, client, {
      f: "add",
      key: context.random.pick(keys),
      value: element,
      send(server) {
        return server.call(this.key, "SADD", element);
      },
    });
    await pause(context.random.integer(0, everyMs));
  }
  client.close();
}

async function reader(context: WorkerContext): Promise<void> {
  await readFinally(context, {
    command: "SMEMBERS",
    result: (reply) => [...(reply as Iterable<string>)].map(Number).sort((a, b) => a - b),
  });
}
