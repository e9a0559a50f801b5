/** The words in which campaigns are written: faults, claims, and draws from the campaign's seed. */
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import type { CheckerName, CheckerOptionsOf } from "../../checkers/registry.ts";
import type { Json } from "../../history/operation.ts";
import type { Claim, FaultPlan, Moment, Plan, SystemPlan } from "../../history/plan.ts";
import type { FaultKind } from "../../nemesis/fault.ts";
import type { FaultName, FaultOptionsOf } from "../../nemesis/registry.ts";
import type { Schedule } from "../../nemesis/schedule/schedule.ts";
import type { Campaign, Suite } from "../../runner/campaign.ts";
import type { SystemOptionsOf } from "../../systems/registry.ts";
import { seededRandom } from "../../history/random.ts";
import type { Random } from "../../history/random.ts";
import type { AnyWorkload, Checked, DeclaredWorker, SharedOptions } from "./workers.ts";

const LARGEST_SEED = 2 ** 31 - 1;

/** A fault with the options of its kind. */
export type DeclaredFault = {
  [Name in FaultName]: {
    [Part in keyof FaultPlan]: Part extends "kind"
      ? Name
      : Part extends "options"
        ? FaultOptionsOf<Name>
        : FaultPlan[Part];
  };
}[FaultName];

/** A system with its own options. */
export type DeclaredSystem = {
  [Kind in SystemPlan["kind"]]: { readonly kind: Kind; readonly options: SystemOptionsOf<Kind> };
}[SystemPlan["kind"]];

/** What a claim may say to a checker: one of one's own reads its options itself. */
export type ClaimOptions<Name extends string> = Name extends CheckerName
  ? CheckerOptionsOf<Name>
  : { readonly [key: string]: Json };

/** A claim with the options of its checker. */
export type DeclaredClaim<Name extends string = CheckerName> = Name extends string
  ? Omit<Claim, "checker" | "options"> & { readonly checker: Name; readonly options: ClaimOptions<Name> }
  : never;

/** What differs from campaign to campaign. */
export interface CampaignDeclaration<
  Work extends AnyWorkload = AnyWorkload,
  Worker extends DeclaredWorker = DeclaredWorker,
> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly suite: Suite;
  readonly system: DeclaredSystem;
  /** The name of one that redquake has, or one of your own. */
  readonly workload: Work;
  readonly options?: SharedOptions<Work, Worker["role"]>;
  /** Default: `raw`. */
  readonly profile?: Plan["profile"];
  readonly workers: readonly Worker[] & Checked<Work, Worker>;
  readonly loadMs: number;
  readonly settleMs?: number;
  /**
   * Draws its moments from the campaign's seed, or the whole schedule; what it tells of itself is added to the
   * description.
   */
  readonly faults?: (random: Random) => readonly DeclaredFault[] | Schedule;
  readonly claims: readonly DeclaredClaim[];
  /**
   * Modules that export workloads, faults or checkers of your own: `import.meta.url`, other URLs, or absolute paths.
   */
  readonly modules?: readonly (string | URL)[];
}

export function campaign<const Work extends AnyWorkload, const Worker extends DeclaredWorker>(
  declaration: CampaignDeclaration<Work, Worker>,
): Campaign {
  const { name, title, suite, workload } = declaration;
  const team: readonly DeclaredWorker[] = declaration.workers;
  return {
    name,
    title,
    suite,
    plan(seed: number): Plan {
      const random = seededRandom(seed);
      const workers = team.map((worker) => ({ ...worker, seed: random.integer(1, LARGEST_SEED) }));
      const drawn = declaration.faults?.(random) ?? [];
      const { faults, description }: Schedule =
        "faults" in drawn ? drawn : { faults: drawn as readonly FaultPlan[], description: "" };
      return {
        version: 1,
        campaign: name,
        title,
        description: [declaration.description, description].filter((each) => each !== "").join(" "),
        seed,
        system: declaration.system as SystemPlan,
        workload: typeof workload === "string" ? workload : workload.name,
        options: (declaration.options ?? {}) as Plan["options"],
        profile: declaration.profile ?? "raw",
        workers,
        loadMs: declaration.loadMs,
        settleMs: declaration.settleMs ?? 0,
        faults,
        claims: declaration.claims,
        ...(declaration.modules === undefined ? {} : { modules: declaration.modules.map(pathOf) }),
      };
    },
  };
}

/** When a fault begins and ends, and its name, which is that of its kind unless it is given. */
export interface When {
  readonly id?: string;
  readonly start: Moment;
  readonly end?: Moment;
}

/** A fault of a kind of one's own. */
export function fault<Own extends FaultKind>(kind: Own, options: z.input<Own["options"]>, when: When): DeclaredFault;
/** A fault of a kind that redquake has, by its name, with the options of that kind. */
export function fault<Name extends FaultName>(kind: Name, options: FaultOptionsOf<Name>, when: When): DeclaredFault;
export function fault(kind: string | FaultKind, options: unknown, { id, ...moments }: When): DeclaredFault {
  const name = typeof kind === "string" ? kind : kind.kind;
  return { id: id ?? name, kind: name, options, ...moments } as DeclaredFault;
}

function pathOf(module: string | URL): string {
  return module instanceof URL || module.startsWith("file:") ? fileURLToPath(module) : module;
}

/** Left out only where a checker needs none. */
type OptionsFor<Name extends string> =
  {} extends ClaimOptions<Name> ? [options?: ClaimOptions<Name>] : [options: ClaimOptions<Name>];

/** A claim that must hold, as the documentation says so. */
export function promised<const Name extends string>(
  id: string,
  statement: string,
  source: string,
  checker: Name,
  ...[options = {} as ClaimOptions<Name>]: OptionsFor<Name>
): DeclaredClaim {
  return declared({ id, statement, standing: "promised", expect: "holds", source, checker, options });
}

/** A claim that many believe and nobody made; the campaign shows that it breaks. */
export function hoped<const Name extends string>(
  id: string,
  statement: string,
  source: string,
  checker: Name,
  ...[options = {} as ClaimOptions<Name>]: OptionsFor<Name>
): DeclaredClaim {
  return declared({ id, statement, standing: "hoped", expect: "broken", source, checker, options });
}

/** A claim by whatever checker, whose options have been looked at. */
function declared(claim: Omit<Claim, "options"> & { readonly options: unknown }): DeclaredClaim {
  return claim as DeclaredClaim;
}

/** The claim under other faults: nobody can say before the run what they will show. */
export function withoutExpectation<Each extends Pick<Claim, "expect">>(claim: Each): Each {
  const { expect: _, ...rest } = claim;
  return rest as Each;
}
