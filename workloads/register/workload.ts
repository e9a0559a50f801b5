/**
 * Registers: each worker writes rising values to its own keys and reads everybody's, so that a stale read and a lost
 * write can be told without any search.
 */
import { z } from "zod";
import { pause } from "../../machine/long-timeout.ts";
import { REGISTER } from "../../history/vocabulary/registers.ts";
import { openDataClient } from "../clients/open-data-client.ts";
import { FINAL_READS, readFinally } from "../final-reads.ts";
import { keyedOperation, pair } from "../keyed-operation.ts";
import type { Workload } from "../role.ts";
import { keys, ms, role, timerMs } from "../role.ts";

const client = role(
  {
    options: {
      keys: keys.describe("the registers that this worker alone writes"),
      allKeys: keys.optional().describe("the registers of all workers, which it reads; its own unless they are given"),
      readShare: z.number().min(0).max(100).default(50).describe("how many operations in a hundred are reads"),
      everyMs: ms.default(8).describe("the longest pause between two operations"),
      commandTimeoutMs: timerMs.default(500).describe("how long the client waits for a reply"),
    },
    events: REGISTER,
  },
  async (context, { keys: own, allKeys = own, readShare, everyMs, commandTimeoutMs }) => {
    const data = await openDataClient(context, commandTimeoutMs);
    const logical = context.client();
    let value = 0;
    await context.ready();
    while (!context.loading.aborted) {
      if (context.random.integer(1, 100) <= readShare) {
        const key = context.random.pick(allKeys);
        await keyedOperation(logical, data, "read", {
          asked: [key, null],
          reads: true,
          send: (server) => server.call(key, "GET"),
          found: (reply) => pair(key, numberOrNull(reply)),
        });
      } else {
        value += 1;
        const [key, written] = [context.random.pick(own), value];
        await keyedOperation(logical, data, "write", {
          asked: [key, written],
          send: (server) => server.call(key, "SET", written),
          found: () => pair(key, written),
        });
      }
      if (everyMs > 0) await pause(context.random.integer(0, everyMs));
    }
    data.close();
  },
);

const reader = role({ options: FINAL_READS, events: { read: REGISTER.read } }, (context, options) =>
  readFinally(context, options, { command: "GET", found: (key, reply) => pair(key, numberOrNull(reply)) }),
);

export const registerWorkload = { name: "register", roles: { client, reader } } as const satisfies Workload;

function numberOrNull(reply: unknown): number | null {
  return reply === null ? null : Number(reply);
}
