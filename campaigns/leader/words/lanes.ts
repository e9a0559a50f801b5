/**
 * One schedule for several elections at once: each has candidates, a key, faults and claims of its own, its lane, and
 * the others see nothing of it but the servers. So a reference goes through what breaks a specimen, in the same run.
 */
import type { Plan, Standing } from "../../../history/plan.ts";
import type { Random } from "../../../history/random.ts";
import { seededRandom } from "../../../history/random.ts";
import type { Campaign } from "../../../runner/campaign.ts";
import { leaders } from "../../../workloads/leader/registry.ts";
import type { RoleOptionsOf } from "../../../workloads/registry.ts";
import type { CampaignDeclaration, DeclaredClaim, DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";

type CandidateOptions = RoleOptionsOf<"leader", "candidate">;

/** An election, and what is special about its lane. */
interface LaneLeader {
  readonly leader: string;
  /** How it is struck, where the schedule strikes in several ways. */
  readonly how?: string;
  /** They win over those of the campaign. */
  readonly options?: CandidateOptions;
}

/** An election in its lane, and the names of what is there. */
export interface Lane extends LaneLeader {
  readonly first: string;
  readonly second: string;
  /** The id of a fault of this lane. */
  fault(id: string): string;
}

/** What a claim says for every election. */
type Said<Each extends DeclaredClaim> = Each extends DeclaredClaim
  ? Pick<Each, "id" | "statement" | "source" | "checker" | "options" | "needs">
  : never;

export type LaneClaim = Said<DeclaredClaim> & {
  /** The elections that break it; every other one keeps it. */
  readonly brokenBy: readonly string[];
  /** For those that keep it. Default: `promised`. */
  readonly standing?: Standing;
};

export interface LeaderDeclaration extends Omit<
  CampaignDeclaration<"leader">,
  "workload" | "workers" | "faults" | "claims"
> {
  readonly leaders: readonly [LaneLeader, ...LaneLeader[]];
  /** Candidates in each lane. Default: 2. */
  readonly candidates?: number;
  /** Options of all candidates but the first, such as when they stand. */
  readonly others?: CandidateOptions;
  /** Those that strike all lanes at once. */
  readonly sharedFaults?: (random: Random) => readonly DeclaredFault[];
  readonly faults?: (lane: Lane, random: Random) => readonly DeclaredFault[];
  readonly claims: (lane: Lane) => readonly LaneClaim[];
}

/** A campaign in which another election can take the place of the references. */
export interface LeaderCampaign extends Campaign {
  /** The plan with one lane for each way in which the schedule strikes, of references. */
  planForOther(seed: number): Plan;
}

export function hasLanes(each: Campaign): each is LeaderCampaign {
  return "planForOther" in each;
}

export function leaderCampaign(declaration: LeaderDeclaration): LeaderCampaign {
  const nameOf = ({ leader, how }: LaneLeader): string => (how === undefined ? leader : `${leader}, ${how}`);
  const references = declaration.leaders.filter(({ leader }) => leaders.flawOf(leader) === undefined);
  const ways = new Map(references.map((each) => [each.how, each]));
  return {
    ...withLanes(declaration, declaration.leaders, nameOf),
    planForOther: (seed) => withLanes(declaration, [...ways.values()], ({ how }) => how).plan(seed),
  };
}

/** The id of a lane's fault, by its place among the lanes. */
function faultId(id: string, i: number): string {
  return i === 0 ? id : `${id}-${i + 1}`;
}

interface WholeLane extends Lane {
  readonly key: string;
  readonly readerName: string;
  readonly names: readonly string[];
}

function withLanes(
  leaderDeclaration: LeaderDeclaration,
  chosen: readonly LaneLeader[],
  nameOf: (leader: LaneLeader) => string | undefined,
): Campaign {
  const {
    leaders: _,
    candidates = 2,
    others = {},
    sharedFaults = () => [],
    faults = () => [],
    claims,
    ...declaration
  } = leaderDeclaration;
  const lanes = chosen.map((lane, i): WholeLane => {
    const names = Array.from({ length: candidates }, (_unused, j) => `w${i * candidates + j + 1}`);
    const [first = "", second = ""] = names;
    const readerName = i === 0 ? "reader" : `reader-${i + 1}`;
    return { ...lane, first, second, names, key: `leader:${i + 1}`, readerName, fault: (id) => faultId(id, i) };
  });
  return campaign({
    ...declaration,
    workload: "leader",
    workers: [
      ...lanes.flatMap(({ leader, key, options, readerName }, i) => {
        const own = { leader, key, ...options };
        return [
          ...workers("candidate", 1, i * candidates + 1, own),
          ...workers("candidate", candidates - 1, i * candidates + 2, { ...own, ...others }),
          reader("reader", readerName, { key }),
        ];
      }),
      reader("observer", "observer"),
    ],
    faults: (random) => {
      // The same moments for every lane.
      const seed = random.integer(1, 2 ** 31 - 1);
      return [...sharedFaults(random), ...lanes.flatMap((lane) => faults(lane, seededRandom(seed)))];
    },
    claims: lanes.flatMap((lane) => claims(lane).map((claim) => claimOf(lane, claim, nameOf(lane)))),
  });
}

function claimOf(
  { leader, names, readerName }: WholeLane,
  { brokenBy, id, statement, standing = "promised", ...rest }: LaneClaim,
  name: string | undefined,
): DeclaredClaim {
  const flaw = leaders.flawOf(leader);
  const broken = brokenBy.includes(leader);
  const what = flaw === undefined ? name : `${name} (${flaw})`;
  return {
    ...rest,
    id: name === undefined ? id : `${id}: ${name}`,
    statement: what === undefined ? statement : `${what}: ${statement.charAt(0).toLowerCase()}${statement.slice(1)}`,
    standing: broken ? "hoped" : standing,
    expect: broken ? "broken" : "holds",
    workers: [...names, readerName, "observer"],
  };
}
