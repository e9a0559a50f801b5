/**
 * One schedule for several clients at once: each has a caller, keys, faults and claims of its own, its lane, and the
 * others see nothing of it but the servers. So a reference goes through what breaks a specimen, in the same run.
 */
import type { Standing } from "../../history/plan.ts";
import type { Random } from "../../history/random.ts";
import { seededRandom } from "../../history/random.ts";
import type { Campaign } from "../../runner/campaign.ts";
import type { RoleOptionsOf } from "../../workloads/registry.ts";
import { clients as shelf } from "../../workloads/client/registry.ts";
import type { CampaignDeclaration, DeclaredClaim, DeclaredFault } from "../declare/declare.ts";
import { campaign, withoutExpectation } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";

/** Each has a slot of its own; the three primaries of a Cluster have two of them each. */
const TAGS = ["{a}", "{b}", "{c}", "{d}", "{f}", "{g}"];

type CallerOptions = RoleOptionsOf<"client", "caller">;

/** A client in its lane, and the names of what is there. */
interface ClientLane {
  readonly client: string;
  readonly caller: string;
  /** The id of a fault of this lane. */
  fault(id: string): string;
}

/** What a claim says for every client. */
type Said<Each extends DeclaredClaim> = Each extends DeclaredClaim
  ? Pick<Each, "id" | "statement" | "source" | "checker" | "options" | "needs">
  : never;

export type ClientClaim = Said<DeclaredClaim> & {
  /** For those that keep it. Default: `promised`. */
  readonly standing?: Standing;
  /** Every client breaks it: nobody promises it, and the campaign shows why. */
  readonly brokenByAll?: boolean;
  /** The clients that break it; every other one keeps it. */
  readonly brokenBy?: readonly string[];
  /** The clients that it says nothing of: what it is about is not there with them. */
  readonly notOf?: readonly string[];
};

export interface ClientDeclaration extends Omit<
  CampaignDeclaration<"client">,
  "workload" | "options" | "workers" | "faults" | "claims" | "profile" | "suite"
> {
  readonly suite?: CampaignDeclaration["suite"];
  /** The reference comes first. */
  readonly clients: readonly [string, ...string[]];
  /** What every caller and reader is given. */
  readonly options: CallerOptions;
  readonly reads?: RoleOptionsOf<"client", "reader">;
  /** Those that strike all lanes at once. */
  readonly sharedFaults?: (random: Random) => readonly DeclaredFault[];
  readonly faults?: (lane: ClientLane, random: Random) => readonly DeclaredFault[];
  readonly claims: (lane: ClientLane) => readonly ClientClaim[];
}

/** A campaign in which another client can take the place of the reference. */
export interface ClientCampaign extends Campaign {
  /** The plan with the lane of the reference only; nothing is expected. */
  planForOther(seed: number): Plan;
}

type Plan = ReturnType<Campaign["plan"]>;

export function isClientCampaign(each: Campaign): each is ClientCampaign {
  return "planForOther" in each;
}

export function clientCampaign(declaration: ClientDeclaration): ClientCampaign {
  const [reference] = declaration.clients;
  return {
    ...withLanes(declaration, declaration.clients),
    planForOther: (seed) => {
      const plan = withLanes(declaration, [reference]).plan(seed);
      return { ...plan, claims: plan.claims.map(withoutExpectation) };
    },
  };
}

function withLanes(
  { clients, suite = "nightly", options, reads = {}, sharedFaults, faults, claims, ...declaration }: ClientDeclaration,
  chosen: readonly string[],
): Campaign {
  const lanes = chosen.map((client, i) => ({
    client,
    caller: `w${i + 1}`,
    readerName: i === 0 ? "reader" : `reader-${i + 1}`,
    keys: TAGS.map((tag) => `${tag}:${i + 1}`),
    fault: (id: string) => (i === 0 ? id : `${id}-${i + 1}`),
  }));
  return campaign({
    ...declaration,
    suite,
    workload: "client",
    // What is measured is what a client's user runs.
    profile: "app",
    workers: lanes.flatMap(({ client, keys, readerName }, i) => [
      ...workers("caller", 1, i + 1, { ...options, client, keys }),
      reader("reader", readerName, {
        ...reads,
        ...(options.commands === undefined ? {} : { commands: options.commands }),
        keys,
      }),
    ]),
    faults: (random) => {
      // The same moments for every lane.
      const seed = random.integer(1, 2 ** 31 - 1);
      return [...(sharedFaults?.(random) ?? []), ...lanes.flatMap((lane) => faults?.(lane, seededRandom(seed)) ?? [])];
    },
    claims: lanes.flatMap((lane) =>
      claims(lane)
        .filter(({ notOf = [] }) => !notOf.includes(lane.client))
        .map((claim) => claimOf(lane, claim, clients.length > 1 && chosen.length > 1)),
    ),
  });
}

/** `resends (it sends again …): nothing happens twice.`, and what is expected of the client. */
function claimOf(
  { client, caller, readerName }: ClientLane & { readonly readerName: string },
  claim: ClientClaim,
  named: boolean,
): DeclaredClaim {
  const { brokenBy = [], brokenByAll = false, notOf: _, id, statement, standing = "promised", ...rest } = claim;
  const flaw = shelf.flawOf(client);
  const broken = brokenByAll || brokenBy.includes(client);
  const what = flaw === undefined ? client : `${client} (${flaw})`;
  return {
    ...rest,
    id: named ? `${id}: ${client}` : id,
    statement: named ? `${what}: ${statement.charAt(0).toLowerCase()}${statement.slice(1)}` : statement,
    standing: broken ? "hoped" : standing,
    expect: broken ? "broken" : "holds",
    workers: [caller, readerName],
  };
}
