/** The last word on every key, read after everything has healed and settled. */
import { setTimeout as delay } from "node:timers/promises";
import type { OperationValues } from "../history/vocabulary/operation-values.ts";
import { openDataClient } from "./clients/open-data-client.ts";
import { keyedOperation } from "./keyed-operation.ts";
import { keys } from "./role.ts";
import type { WorkerContext } from "./workload.ts";

const COMMAND_TIMEOUT_MS = 5_000;
/** Reads change nothing, so one that failed may be made again; the history has each attempt. */
const ATTEMPTS = 20;
const PAUSE_MS = 100;

/** A read that is asked for with the key and null. */
interface Read extends OperationValues {
  readonly invoke: [string, null];
}

export interface FinalRead<Values extends Read> {
  readonly command: string;
  /** From the key and the reply to the pair that is recorded. */
  readonly found: (key: string, reply: unknown) => Values["ok"];
}

/** The options of a role that makes them. */
export const FINAL_READS = {
  allKeys: keys.optional().describe("the keys that are read in the end"),
  keys: keys.optional().describe("the same, where there is no allKeys"),
};

/** Reads the keys once the final phase has come. */
export async function readFinally<Values extends Read>(
  context: WorkerContext<{ readonly read: Values }>,
  {
    keys: own = [],
    allKeys = own,
  }: { readonly allKeys?: readonly string[] | undefined; readonly keys?: readonly string[] | undefined },
  { command, found }: FinalRead<Values>,
): Promise<void> {
  const data = await openDataClient(context, COMMAND_TIMEOUT_MS);
  const logical = context.client();
  await context.ready();
  await context.final();
  for (const key of allKeys) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const recorded = await keyedOperation(logical, data, "read", {
        asked: [key, null],
        reads: true,
        send: (server) => server.call(key, command),
        found: (reply) => found(key, reply),
      });
      if (recorded.type === "ok") break;
      await delay(PAUSE_MS);
    }
  }
  data.close();
}
