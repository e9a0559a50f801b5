/**
 * A schedule for what delivers messages: several deliveries side by side, each in a lane of its own with publishers,
 * consumers and a channel, and struck alike. What is claimed of each follows from its contract.
 */
import type { Random } from "../../../history/random.ts";
import { seededRandom } from "../../../history/random.ts";
import type { Campaign } from "../../../runner/campaign.ts";
import { wholeFacts } from "../../../workloads/delivery/adapter-shape.ts";
import type { WholeFacts } from "../../../workloads/delivery/adapter-shape.ts";
import { deliveries } from "../../../workloads/delivery/registry.ts";
import type { RoleOptionsOf } from "../../../workloads/registry.ts";
import type { CampaignDeclaration, DeclaredClaim, DeclaredFault } from "../../declare/declare.ts";
import { campaign, withoutExpectation } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import type { ClaimSettings } from "./contract-claims.ts";
import { contractClaims } from "./contract-claims.ts";

/** A delivery, and which claims the schedule breaks of it. */
interface LaneDelivery {
  readonly delivery: string;
  /** The ids of the claims that break; every other one holds. */
  readonly breaks?: readonly string[];
  /** The ids of those that chance decides, although they are promised elsewhere. */
  readonly mayBreak?: readonly string[];
  /** The ids of the only claims that are made of it: where nothing arrives any more the others decide nothing. */
  readonly judged?: readonly string[];
  /** Its messages lie in a stream with a group. Default: false. */
  readonly isGroup?: boolean;
}

/** What is in a lane, by name. */
export interface DeliveryLane {
  readonly publishers: readonly string[];
  readonly consumers: readonly string[];
  readonly channel: string;
  /** The id of a fault of this lane. */
  fault(id: string): string;
}

export interface DeliverySchedule extends Omit<
  CampaignDeclaration<"delivery">,
  "workload" | "profile" | "options" | "workers" | "faults" | "claims"
> {
  readonly lanes: readonly [LaneDelivery, ...LaneDelivery[]];
  readonly publishers?: number;
  readonly consumers?: number;
  readonly publisher?: Omit<RoleOptionsOf<"delivery", "publisher">, "delivery" | "channels">;
  readonly consumer?: Omit<RoleOptionsOf<"delivery", "consumer">, "delivery" | "channels">;
  /** Those that strike all lanes at once. */
  readonly sharedFaults?: (random: Random) => readonly DeclaredFault[];
  readonly faults?: (lane: DeliveryLane, random: Random) => readonly DeclaredFault[];
  /** What the claims of a lane need to know; how soon its consumers must get messages again. */
  readonly claims?: (lane: DeliveryLane, facts: WholeFacts) => Partial<ClaimSettings>;
}

/** A campaign in which another delivery can take the place of its own. */
export interface DeliveryCampaign extends Campaign {
  /** The plan with one lane only, for a delivery with these facts; nothing is expected. */
  planForOther(seed: number, facts: WholeFacts): ReturnType<Campaign["plan"]>;
}

/** On a busy machine twenty processes send few messages in three seconds. */
const MIN_MESSAGES = 20;

export function isDeliveryCampaign(each: Campaign): each is DeliveryCampaign {
  return "planForOther" in each && each.plan(1).workload === "delivery";
}

export function deliveryCampaign(schedule: DeliverySchedule): DeliveryCampaign {
  const { lanes } = schedule;
  const [first] = lanes;
  return {
    ...withLanes(
      schedule,
      lanes.map((lane) => ({ ...lane, facts: factsOf(lane), isAlone: lanes.length === 1 })),
    ),
    planForOther: (seed, facts) =>
      withLanes(schedule, [{ delivery: first.delivery, facts, isAlone: true, isGroup: true }]).plan(seed),
  };
}

interface KnownLane extends LaneDelivery {
  readonly facts: WholeFacts;
  /** Nothing has to be told apart. */
  readonly isAlone: boolean;
}

interface WholeLane extends DeliveryLane, KnownLane {
  readonly base: number;
}

function factsOf({ delivery }: LaneDelivery): WholeFacts {
  return wholeFacts(deliveries.named(delivery));
}

function withLanes(schedule: DeliverySchedule, known: readonly KnownLane[]): Campaign {
  const { publishers = 1, consumers = 2, sharedFaults = () => [], faults = () => [], ...rest } = schedule;
  const { lanes: _, publisher = {}, consumer = {}, claims = () => ({}), ...declaration } = rest;
  const perLane = publishers + consumers;
  const isDisturbed = schedule.faults !== undefined || schedule.sharedFaults !== undefined;
  const lanes = known.map((lane, i): WholeLane => {
    const base = i * perLane + 1;
    const names = (from: number, count: number): string[] =>
      Array.from({ length: count }, (_each, n) => `w${from + n}`);
    return {
      ...lane,
      base,
      channel: `orders:${i + 1}`,
      publishers: names(base, publishers),
      consumers: names(base + publishers, consumers),
      fault: (id) => (i === 0 ? id : `${id}-${i + 1}`),
    };
  });
  const channels = lanes.map(({ channel }) => channel);
  return campaign({
    ...declaration,
    workload: "delivery",
    // What is measured is what users of a library run.
    profile: "app",
    workers: [
      ...lanes.flatMap(({ delivery, channel, base }) => [
        ...workers("publisher", publishers, base, { ...publisher, delivery, channels: [channel] }),
        ...workers("consumer", consumers, base + publishers, { ...consumer, delivery, channels: [channel] }),
      ]),
      reader("observer", "observer", { channels }),
      reader("reader", "reader", { channels }),
    ],
    faults: (random) => {
      // The same moments for every lane.
      const seed = random.integer(1, 2 ** 31 - 1);
      return [...sharedFaults(random), ...lanes.flatMap((lane) => faults(lane, seededRandom(seed)))];
    },
    claims: lanes.flatMap((lane) =>
      contractClaims(lane.facts, {
        minMessages: MIN_MESSAGES,
        // A replica may be behind in the end.
        isGroup: lane.isGroup === true && schedule.system.kind === "single",
        manyServers: schedule.system.kind !== "single",
        delays: (publisher.maxDelayMs ?? 0) > 0,
        refuses: (consumer.refuseEvery ?? 0) > 0,
        ...claims(lane, lane.facts),
      })
        .filter(({ id }) => lane.judged?.includes(id) ?? true)
        .map((claim) => claimOf(lane, claim, isDisturbed)),
    ),
  });
}

/** What a specimen breaks, or the schedule itself, is promised by nobody there. */
function claimOf(lane: WholeLane, claim: DeclaredClaim, isDisturbed: boolean): DeclaredClaim {
  const { delivery, isAlone, breaks = [], mayBreak = [], publishers, consumers } = lane;
  const flaw = deliveries.flawOf(delivery);
  const broken = breaks.includes(claim.id);
  const open = mayBreak.includes(claim.id);
  const standing = open || broken ? ("hoped" as const) : claim.standing;
  // Whether a hope breaks that the schedule is not about is left to chance.
  const expected = broken
    ? { expect: "broken" as const }
    : standing === "promised" || (!isDisturbed && !open)
      ? { expect: "holds" as const }
      : {};
  const told = { ...withoutExpectation(claim), standing, ...expected } as DeclaredClaim;
  if (isAlone) return told;
  const what = flaw === undefined ? delivery : `${delivery} (${flaw})`;
  return {
    ...told,
    id: `${claim.id}: ${delivery}`,
    statement: `${what}: ${claim.statement.charAt(0).toLowerCase()}${claim.statement.slice(1)}`,
    workers: [...publishers, ...consumers, "observer", "reader"],
  };
}
