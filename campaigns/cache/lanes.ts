/**
 * One schedule for several caches at once: each has a writer, a user, keys, faults and claims of its own, its lane, and
 * the others see nothing of it but the servers. So a reference goes through what breaks a specimen, in the same run.
 */
import type { CheckerOptionsOf } from "../../checkers/registry.ts";
import type { Plan, Standing } from "../../history/plan.ts";
import type { Random } from "../../history/random.ts";
import { seededRandom } from "../../history/random.ts";
import type { Campaign } from "../../runner/campaign.ts";
import { caches } from "../../workloads/cache/registry.ts";
import type { RoleOptionsOf } from "../../workloads/registry.ts";
import type { CampaignDeclaration, DeclaredClaim, DeclaredFault } from "../declare/declare.ts";
import { campaign, withoutExpectation } from "../declare/declare.ts";
import { CLIENT_SIDE_CACHING_PAGE } from "../declare/sources.ts";
import { reader, workers } from "../declare/workers.ts";

type CacheOptions = Required<CheckerOptionsOf<"cache">>;
type CacheProperty = CacheOptions["property"];

/** A cache in its lane, and the names of what is there. */
interface CacheLane {
  readonly cache: string;
  readonly writer: string;
  readonly user: string;
  /** The id of a fault of this lane. */
  fault(id: string): string;
}

/** Which caches break what. References keep everything else; of a specimen nothing else is claimed. */
type Breakers = { readonly [Property in CacheProperty]?: readonly string[] };

export interface CacheLanesDeclaration extends Omit<
  CampaignDeclaration<"cache">,
  "workers" | "faults" | "claims" | "workload" | "options" | "profile"
> {
  readonly caches: readonly [string, ...string[]];
  readonly writer?: RoleOptionsOf<"cache", "writer">;
  readonly user?: RoleOptionsOf<"cache", "user">;
  /** How many keys each lane has. Default: 8. */
  readonly keyCount?: number;
  readonly boundMs: number;
  readonly graceMs?: number;
  readonly store?: CacheOptions["store"];
  /** Those that strike all lanes at once. */
  readonly sharedFaults?: (random: Random) => readonly DeclaredFault[];
  readonly faults?: (lane: CacheLane, random: Random) => readonly DeclaredFault[];
  readonly brokenBy?: Breakers;
}

/** A campaign in which another cache can take the place of the references. */
export interface CacheCampaign extends Campaign {
  /** How the store is written: a cache that cannot cope with that is not put through it. */
  readonly how: NonNullable<RoleOptionsOf<"cache", "writer">["how"]>;
  /** The plan with a single lane; nothing is expected. */
  planForOther(seed: number): Plan;
}

export function isCacheCampaign(each: Campaign): each is CacheCampaign {
  return "planForOther" in each && each.plan(1).workload === "cache";
}

const STATEMENTS: Readonly<Record<CacheProperty, { readonly statement: string; readonly standing: Standing }>> = {
  converges: {
    statement: "In the end every copy is what the store has, within a bound after the last write and the last heal.",
    standing: "promised",
  },
  "never-back": { statement: "No user gets an older version than it has got before.", standing: "promised" },
  "no-phantom": { statement: "No user gets what nobody wrote.", standing: "promised" },
  "fresh-when-it-says-so": {
    statement: "While the cache says that it is fresh, no user gets a version that was replaced long before.",
    standing: "hoped",
  },
  "never-stale": { statement: "No user gets a version that was replaced long before.", standing: "hoped" },
};

/** The claims of every campaign. */
const CLAIMED = ["converges", "never-back", "no-phantom", "fresh-when-it-says-so"] as const;

export function cacheCampaign(declaration: CacheLanesDeclaration): CacheCampaign {
  const [first] = declaration.caches;
  return {
    ...withLanes(declaration, (cache) => cache),
    how: declaration.writer?.how ?? "set",
    planForOther: (seed) => {
      const plan = withLanes({ ...declaration, caches: [first] }, () => undefined).plan(seed);
      return { ...plan, claims: plan.claims.map(withoutExpectation) };
    },
  };
}

function withLanes(
  {
    caches: names,
    writer = {},
    user = {},
    keyCount = 8,
    boundMs,
    graceMs = 1_000,
    store = "keeps",
    sharedFaults = () => [],
    faults = () => [],
    brokenBy = {},
    ...declaration
  }: CacheLanesDeclaration,
  nameOf: (cache: string) => string | undefined,
): Campaign {
  const lanes = names.map((cache, i) => laneOf(cache, i, keyCount));
  const judged = { boundMs, graceMs, store };
  return campaign({
    ...declaration,
    settleMs: Math.max(declaration.settleMs ?? 0, boundMs + SETTLE_BEYOND_MS),
    workload: "cache",
    profile: "app",
    workers: [
      ...lanes.flatMap(({ cache, keys }, i) => [
        ...workers("writer", 1, 2 * i + 1, { cache, keys, ...writer }),
        ...workers("user", 1, 2 * i + 2, { cache, keys, ...user }),
      ]),
      reader("reader", "reader", { keys: lanes.flatMap(({ keys }) => keys) }),
    ],
    faults: (random) => {
      // The same moments for every lane.
      const seed = random.integer(1, 2 ** 31 - 1);
      return [...sharedFaults(random), ...lanes.flatMap((lane) => faults(lane, seededRandom(seed)))];
    },
    claims: lanes.flatMap((lane) =>
      CLAIMED.filter(
        (property) => caches.flawOf(lane.cache) === undefined || brokenBy[property]?.includes(lane.cache) === true,
      ).map((property) => claimOf(lane, property, judged, brokenBy, nameOf(lane.cache))),
    ),
  });
}

/** A copy that may be behind by its own options needs longer than the bound, and a busy machine longer still. */
const SETTLE_BEYOND_MS = 4_000;

interface WholeLane extends CacheLane {
  readonly keys: readonly string[];
}

function laneOf(cache: string, i: number, keyCount: number): WholeLane {
  return {
    cache,
    writer: `w${2 * i + 1}`,
    user: `w${2 * i + 2}`,
    keys: Array.from({ length: keyCount }, (_, k) => `cache:${i + 1}:${k + 1}`),
    fault: (id) => (i === 0 ? id : `${id}-${i + 1}`),
  };
}

function claimOf(
  { cache, writer, user }: WholeLane,
  property: CacheProperty,
  judged: Pick<CacheOptions, "boundMs" | "graceMs" | "store">,
  brokenBy: Breakers,
  name: string | undefined,
): DeclaredClaim {
  const { statement, standing } = STATEMENTS[property];
  const flaw = caches.flawOf(cache);
  const broken = brokenBy[property]?.includes(cache) === true;
  const what = flaw === undefined ? name : `${name} (it ${flaw})`;
  const behindMs = caches.named(cache).behindMs ?? 0;
  return {
    id: name === undefined ? property : `${property}: ${name}`,
    statement: what === undefined ? statement : `${what}: ${statement.charAt(0).toLowerCase()}${statement.slice(1)}`,
    standing: broken ? "hoped" : standing,
    expect: broken ? "broken" : "holds",
    source: CLIENT_SIDE_CACHING_PAGE,
    checker: "cache",
    options: { property, ...judged, behindMs },
    workers: [writer, user, "reader"],
  };
}
