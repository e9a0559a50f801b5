/**
 * One schedule for several locks at once: each has clients, a key, faults and claims of its own, its lane, and the
 * others see nothing of it but the servers. So a reference goes through what breaks a specimen, in the same run.
 */
import type { DeclaredFault } from "../../declare/declare.ts";
import type { Plan, Standing } from "../../../history/plan.ts";
import type { DeclaredClaim } from "../../declare/declare.ts";
import type { Random } from "../../../history/random.ts";
import { seededRandom } from "../../../history/random.ts";
import type { Campaign } from "../../../runner/campaign.ts";
import { flawOf } from "../../../workloads/lock/specimens/registry.ts";
import type { RoleOptionsOf } from "../../../workloads/registry.ts";
import type { CampaignDeclaration } from "../../declare/declare.ts";
import { campaign, withoutExpectation } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";

/**
 * The time to live of the client that gets the lock after a fault, where the flaw shows only while it holds: a machine
 * that is busy may be seconds late, and must not let that lock expire before the flaw strikes.
 */
export const STEADY_TTL_MS = 15_000;

type ClientOptions = RoleOptionsOf<"lock", "client">;

/** A lock in its lane, and the names of what is there. */
export interface Lane extends LaneLock {
  readonly clients: readonly [first: string, second: string];
  /** The id of a fault of this lane. */
  fault(id: string): string;
}

/** A lock, and what is special about its lane. */
interface LaneLock {
  readonly lock: string;
  /** How it is struck, where the schedule strikes in several ways. */
  readonly how?: string;
  /** They win over those of the campaign. */
  readonly options?: ClientOptions;
}

/** What a claim says for every lock. */
type Said<Each extends DeclaredClaim> = Each extends DeclaredClaim
  ? Pick<Each, "id" | "statement" | "source" | "checker" | "options" | "needs">
  : never;

export type LaneClaim = Said<DeclaredClaim> & {
  /** The specimens that break it; every other lock keeps it. */
  readonly brokenBy: readonly string[];
  /** For those that keep it. Default: `promised`. */
  readonly standing?: Standing;
};

export interface LanesDeclaration extends Omit<CampaignDeclaration<"lock">, "workers" | "faults" | "claims"> {
  readonly locks: readonly [LaneLock, ...LaneLock[]];
  /** Options of the second client of each lane, such as a time to live that a busy machine cannot let pass unseen. */
  readonly second?: ClientOptions;
  /** Those that strike all lanes at once. */
  readonly sharedFaults?: (random: Random) => readonly DeclaredFault[];
  readonly faults?: (lane: Lane, random: Random) => readonly DeclaredFault[];
  readonly claims: (lane: Lane) => readonly LaneClaim[];
  /** Where there is a campaign of its own that puts any other lock through the same: its name. */
  readonly othersIn?: string;
}

/** A campaign in which another lock can take the place of the references. */
export interface LanesCampaign extends Campaign {
  /**
   * The plan with the lanes of the references only, one for each way in which the schedule strikes; nothing is
   * expected.
   */
  planForOther(seed: number): Plan;
  readonly othersIn: string | undefined;
}

/** Whether a campaign is there for other locks than those that it names, too. */
export function isForOthers(each: Campaign): boolean {
  return !hasLanes(each) || each.othersIn === undefined;
}

export function hasLanes(each: Campaign): each is LanesCampaign {
  return "planForOther" in each;
}

export function lanesCampaign(declaration: LanesDeclaration): LanesCampaign {
  const { locks } = declaration;
  const nameOf = ({ lock, how }: LaneLock): string => (how === undefined ? lock : `${lock}, ${how}`);
  const references = locks.filter(({ lock }) => flawOf(lock) === undefined);
  return {
    ...withLanes(declaration, locks, nameOf),
    othersIn: declaration.othersIn,
    planForOther: (seed) => {
      const plan = withLanes(declaration, references, ({ how }) => how).plan(seed);
      return { ...plan, claims: plan.claims.map(withoutExpectation) };
    },
  };
}

function withLanes(
  { sharedFaults = () => [], faults = () => [], claims, second = {}, ...declaration }: LanesDeclaration,
  locks: readonly LaneLock[],
  nameOf: (lock: LaneLock) => string | undefined,
): Campaign {
  const lanes = locks.map(laneOf);
  return campaign({
    ...declaration,
    workers: lanes.flatMap(({ lock, key, options, readerName }, i) => {
      const own = { lock, key, ...options };
      return [
        ...workers("client", 1, 2 * i + 1, own),
        ...workers("client", 1, 2 * i + 2, { ...own, ...second }),
        reader("reader", readerName, { key }),
      ];
    }),
    faults: (random) => {
      // The same moments for every lane.
      const seed = random.integer(1, 2 ** 31 - 1);
      return [...sharedFaults(random), ...lanes.flatMap((lane) => faults(lane, seededRandom(seed)))];
    },
    claims: lanes.flatMap((lane) => claims(lane).map((claim) => claimOf(lane, claim, nameOf(lane)))),
  });
}

interface WholeLane extends Lane {
  readonly key: string;
  readonly readerName: string;
}

function laneOf(lane: LaneLock, i: number): WholeLane {
  return {
    ...lane,
    clients: [`w${2 * i + 1}`, `w${2 * i + 2}`],
    key: `lock:${i + 1}`,
    readerName: i === 0 ? "reader" : `reader-${i + 1}`,
    fault: (id) => (i === 0 ? id : `${id}-${i + 1}`),
  };
}

/**
 * `get-then-delete (its release …): a release never frees another client's lock.`, and what is expected of the lock.
 */
function claimOf(
  { lock, clients, readerName }: WholeLane,
  { brokenBy, id, statement, standing = "promised", ...rest }: LaneClaim,
  name: string | undefined,
): DeclaredClaim {
  const flaw = flawOf(lock);
  const broken = brokenBy.includes(lock);
  const what = flaw === undefined ? name : `${name} (${flaw})`;
  return {
    ...rest,
    id: name === undefined ? id : `${id}: ${name}`,
    statement: what === undefined ? statement : `${what}: ${statement.charAt(0).toLowerCase()}${statement.slice(1)}`,
    standing: broken ? "hoped" : standing,
    expect: broken ? "broken" : "holds",
    workers: [...clients, readerName],
  };
}
