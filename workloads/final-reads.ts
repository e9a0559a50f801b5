/** The last word on every key, read after everything has healed and settled. */
import { setTimeout as delay } from "node:timers/promises";
import type { Json } from "../history/operation.ts";
import { openDataClient } from "./clients/open-data-client.ts";
import { keyedOperation } from "./keyed-operation.ts";
import { optionReader } from "./options.ts";
import type { WorkerContext } from "./workload.ts";

const COMMAND_TIMEOUT_MS = 5_000;
/** Reads change nothing, so one that failed may be made again; the history has each attempt. */
const ATTEMPTS = 20;
const PAUSE_MS = 100;

export interface FinalRead {
  readonly command: string;
  result(reply: unknown): Json;
}

/** Reads every key of the option `allKeys` (or `keys`) once the final phase has come. */
export async function readFinally(context: WorkerContext, read: FinalRead): Promise<void> {
  const options = optionReader(context.options);
  const keys = options.texts("allKeys", options.texts("keys", []));
  const data = await openDataClient(context, COMMAND_TIMEOUT_MS);
  const logical = context.client();
  await context.ready();
  await context.final();
  for (const key of keys) {
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
