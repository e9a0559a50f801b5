/**
 * The leader workload: candidates stand, and the one that leads works on a resource, piece by piece, having asked
 * before each piece whether it still leads. The observer looks at the servers meanwhile, and the reader takes the
 * resource's log in the end.
 */
import { pause } from "../../machine/long-timeout.ts";
import type { CandidateEvents } from "../../history/vocabulary/leader.ts";
import { LEADER_CANDIDATE, LEADER_READER } from "../../history/vocabulary/leader.ts";
import { useAdapter } from "../adapter/use-adapter.ts";
import { connected } from "../clients/connection.ts";
import { ProtectedResource } from "../lock/resource.ts";
import type { Workload } from "../role.ts";
import { role } from "../role.ts";
import type { WorkerContext } from "../workload.ts";
import { beCandidate, Terms } from "./candidacy.ts";
import type { GuardedClient } from "./guard.ts";
import { openGuarded } from "./guard.ts";
import { leaderKind } from "./kind.ts";
import type { CandidateOptions } from "./leader-options.ts";
import { CANDIDATE_OPTIONS, READER_OPTIONS } from "./leader-options.ts";
import { observer } from "./observer.ts";

const candidate = role(
  {
    options: CANDIDATE_OPTIONS,
    barriers: {
      standing: "the candidate is about to stand",
      elected: "the candidate has been told of its election, has made sure of it, and done nothing yet",
      working: "after the candidate has made sure that it leads, and before the piece of work",
      "before-resign": "the candidate is about to resign",
    },
    events: LEADER_CANDIDATE,
  },
  async (context: WorkerContext<CandidateEvents>, options) => {
    const { key: election, leader, adapter: source } = options;
    const wishes = { ...options, election, name: leader, source };
    await useAdapter(context, leaderKind, wishes, async ({ adapter, environment, guard, connected: up }) => {
      const client = await openGuarded(adapter, environment, guard);
      await up();
      await beCandidates(context, options, client, adapter.standsAgain ?? true);
      await client.close();
    });
  },
);

/** One candidacy after the other until the load ends. */
async function beCandidates(
  context: WorkerContext<CandidateEvents>,
  options: CandidateOptions,
  client: GuardedClient,
  standsAgain: boolean,
): Promise<void> {
  const server = await connected({ ...context.resource, protocol: 3 });
  const resource = new ProtectedResource(server, options.fenced ? "fenced" : "open");
  const logical = context.client();
  const terms = new Terms(context.worker);
  await context.ready();
  await pause(options.standAfterMs);
  while (!context.loading.aborted) {
    await beCandidate({ context, logical, client, resource, terms, options, standsAgain });
    await pause(context.random.integer(Math.ceil(options.awayMs / 2), options.awayMs));
  }
  server.disconnect();
}

const reader = role({ options: READER_OPTIONS, events: LEADER_READER }, async (context, { key, fenced }) => {
  const server = await connected({ ...context.resource, protocol: 3 });
  const resource = new ProtectedResource(server, fenced ? "fenced" : "open");
  await context.ready();
  await context.final();
  await context
    .client()
    .operation("log", key, async ({ ok }) => ok({ key, entries: await resource.log(key) }), { reads: true });
});

export const leaderWorkload = { name: "leader", roles: { candidate, observer, reader } } as const satisfies Workload;
