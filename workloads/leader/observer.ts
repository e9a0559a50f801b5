/** Who leads, as each server itself has it: asked over connections that no fault of the candidates touches. */
import { pause } from "../../machine/long-timeout.ts";
import type { Seat } from "../../history/vocabulary/leader.ts";
import { LEADER_OBSERVER } from "../../history/vocabulary/leader.ts";
import { connected } from "../clients/connection.ts";
import { role } from "../role.ts";
import { OBSERVER_OPTIONS } from "./leader-options.ts";

/** A server that is stopped answers late, and what it says then is of then. */
const ANSWER_MS = 1_000;

/** All texts of the server at one moment; an election has one, and few besides. Returns { key, value, key, … }. */
const TEXTS = `
local found = {}
for _, key in ipairs(redis.call("KEYS", "*")) do
  if redis.call("TYPE", key).ok == "string" then
    found[#found + 1] = key
    found[#found + 1] = redis.call("GET", key) or ""
  end
end
return found`;

export const observer = role({ options: OBSERVER_OPTIONS, events: LEADER_OBSERVER }, async (context, { pollMs }) => {
  const servers = await Promise.all(
    context.nodes
      .filter(({ kind }) => kind === "redis")
      .map(async ({ name, proxied }) => ({
        node: name,
        logical: context.client(),
        client: await connected({ ...proxied, protocol: 3, enableOfflineQueue: false, commandTimeout: ANSWER_MS }),
      })),
  );
  await context.ready();
  await Promise.all(
    servers.map(async ({ node, logical, client }) => {
      while (!context.loading.aborted) {
        await logical.operation(
          "observe",
          { node },
          async ({ ok }) => ok({ node, seats: seatsIn((await client.call("EVAL_RO", TEXTS, "0")) as string[]) }),
          { reads: true },
        );
        await pause(pollMs);
      }
    }),
  );
  for (const { client } of servers) client.disconnect();
});

function seatsIn(found: readonly string[]): Seat[] {
  return found.flatMap((key, i) => {
    const value = i % 2 === 0 ? found[i + 1] : undefined;
    return value === undefined ? [] : [{ key, value }];
  });
}
