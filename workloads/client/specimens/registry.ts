/**
 * Clients that are broken on purpose, each with one flaw that is found in the field. Everything else of them is as in
 * `raw`, which has to come through the same faults.
 */
import { pause } from "../../../machine/long-timeout.ts";
import type { Specimen } from "../../adapter/shelf.ts";
import type { ClientAdapter } from "../adapter.ts";
import { ownClient } from "../clients/own-client.ts";
import { isReply } from "../refusal.ts";

const RETRY_MS = 20;

/** What was executed, and whose reply was lost, is executed again. */
const resends: Specimen<ClientAdapter> = {
  flaw: "it sends again whatever was not answered",
  adapter: ownClient("resends", {
    around: async (send, _, signal) => {
      for (;;) {
        try {
          return await send();
        } catch (error) {
          if (isReply(error) || signal.aborted) throw error;
          await pause(RETRY_MS);
        }
      }
    },
  }),
};

/** Its user takes what was refused or lost for done. */
const swallowsErrors: Specimen<ClientAdapter> = {
  flaw: "it swallows errors, and its callers hear that all is well",
  adapter: ownClient("swallows-errors", {
    around: async (send, count) => {
      try {
        return (await send()).map((reply) => (reply instanceof Error ? null : reply));
      } catch {
        return Array.from({ length: count }, () => null);
      }
    },
  }),
};

/** Its user waits for ever. */
const neverSettles: Specimen<ClientAdapter> = {
  flaw: "its calls never settle when their connection is lost",
  adapter: ownClient("never-settles", {
    around: async (send) => {
      try {
        return await send();
      } catch (error) {
        if (isReply(error)) throw error;
        return new Promise<never>(() => undefined);
      }
    },
  }),
};

/** After a failover it goes on asking the former primary. */
const neverFollows: Specimen<ClientAdapter> = {
  flaw: "it never looks for another primary than its first one",
  adapter: ownClient("never-follows", { follows: false }),
};

/** What timed out may have been carried out. */
const callsLostRefused: Specimen<ClientAdapter> = {
  flaw: "it says of commands that were not answered that they were refused",
  adapter: ownClient("calls-lost-refused", { refused: () => true }),
};

export const specimens: readonly Specimen<ClientAdapter>[] = [
  resends,
  swallowsErrors,
  neverSettles,
  neverFollows,
  callsLostRefused,
];
