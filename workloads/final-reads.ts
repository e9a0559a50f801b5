/** The last word on every key, read after everything has healed and settled. */
import { setTimeout as delay } from "node:timers/promises";
import type { Json } from "../history/operation.ts";
import { openDataClient } from "./clients/open-data-client.ts";
import { keyedOperation } from "./keyed-operation.ts";
import { keys } from "./role.ts";
import type { WorkerContext } from "./workload.ts";

const COMMAND_TIMEOUT_MS = 5_000;
/** Reads change nothing, so one that failed may be made again; the history has each attempt. */
const ATTEMPTS = 20;
const PAUSE_MS = 100;

export interface FinalRead {
  readonly command: string;
  result(reply: unknown): Json;
}

/** The options of a role that makes them. */
export const FINAL_READS = {
  allKeys: keys.optional().describe("the keys that are read in the end"),
  keys: keys.optional().describe("the same, where there is no allKeys"),
};

/** Reads the keys once the final phase has come. */
export async function readFinally(
  context: WorkerContext,
  {
    keys: own = [],
    allKeys = own,
  }: { readonly allKeys?: readonly string[] | undefined; readonly keys?: readonly string[] | undefined },
  read: FinalRead,
): Promise<void> {
  const data = await openDataClient(context, COMMAND_TIMEOUT_MS);
  const logical = context.client();
  await context.ready();
  await context.final();
  for (const key of allKeys) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const recorded = await keyedOperation(logical, data, {
        f: "read",
        key,
        value: null,
        reads: true,
        send: (server) => server.call(key, read.command),
        result: (reply) => read.result(reply),
      });
      if (recorded.type === "ok") break;
      await delay(PAUSE_MS);
    }
  }
  data.close();
}
