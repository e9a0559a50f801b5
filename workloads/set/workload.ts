/** Unique elements added to sets; the reader says in the end which of them are there. */
import { pause } from "../../machine/long-timeout.ts";
import { SET } from "../../history/vocabulary/registers.ts";
import { openDataClient } from "../clients/open-data-client.ts";
import { FINAL_READS, readFinally } from "../final-reads.ts";
import { keyedOperation, pair } from "../keyed-operation.ts";
import type { Workload } from "../role.ts";
import { keys, ms, role, timerMs } from "../role.ts";

/** Elements of one worker; more than any run can add. */
const ELEMENTS_PER_WORKER = 1_000_000;

const adder = role(
  {
    options: {
      keys: keys.describe("the sets to which elements are added"),
      everyMs: ms.default(8).describe("the longest pause between two operations"),
      commandTimeoutMs: timerMs.default(500).describe("how long the client waits for a reply"),
    },
    events: { add: SET.add },
  },
  async (context, { keys: own, everyMs, commandTimeoutMs }) => {
    const client = await openDataClient(context, commandTimeoutMs);
    const logical = context.client();
    const first = Number(context.worker.replaceAll(/\D/g, "")) * ELEMENTS_PER_WORKER;
    await context.ready();
    for (let n = 0; !context.loading.aborted; n += 1) {
      const [key, element] = [context.random.pick(own), first + n];
      await keyedOperation(logical, client, "add", {
        asked: [key, element],
        send: (server) => server.call(key, "SADD", element),
        found: () => pair(key, element),
      });
      await pause(context.random.integer(0, everyMs));
    }
    client.close();
  },
);

const reader = role({ options: FINAL_READS, events: { read: SET.read } }, (context, options) =>
  readFinally(context, options, {
    command: "SMEMBERS",
    found: (key, reply) =>
      pair(
        key,
        [...(reply as Iterable<string>)].map(Number).sort((a, b) => a - b),
      ),
  }),
);

export const setWorkload = { name: "set", roles: { adder, reader } } as const satisfies Workload;
