/** One run of a campaign, from code: planned, made on real servers, judged and reported. */
import { fileURLToPath } from "node:url";
import type { Claim } from "../history/plan.ts";
import { RedquakeError } from "../machine/redquake-error.ts";
import { UsageError } from "../machine/usage-error.ts";
import { userPath } from "../machine/user-folder.ts";
import type { CheckResult } from "../checkers/checker.ts";
import type { Verdict } from "../checkers/judge/verdict.ts";
import type { Campaign } from "../runner/campaign.ts";
import type { ToxiproxyChoice } from "../runner/equipment/choose-toxiproxy.ts";
import type { RunOutcome } from "../store/run-outcome.ts";
import type { CampaignEnd } from "./runs/campaign-end.ts";
import { titleOf } from "./runs/campaign-end.ts";
import type { Choice } from "./plan/choose-campaigns.ts";
import { planJobs } from "./plan/plan-jobs.ts";
import { freshSeed, LARGEST_SEED } from "./plan/seed.ts";
import type { SessionObserver } from "./runs/observer.ts";
import { progressLines } from "./runs/progress-lines.ts";
import { adapterReplacement, campaignsThatSuit } from "./replace/replace-adapter.ts";
import { withSession } from "./runs/session.ts";
import { toxiproxyChoice } from "./servers/toxiproxy-words.ts";
import type { HostChoice } from "./servers/wanted-redis.ts";
import { wantedRedis } from "./servers/wanted-redis.ts";

export interface RunOptions {
  /** The same seed gives the same plan. Default: a new one. */
  readonly seed?: number;
  /**
   * A lock, consumer, cache, leader or client to test instead of the campaign's own: a module's file, a library such as
   * `redlock@5.0.0-beta.2`, or `command: …`.
   */
  readonly adapter?: string | URL;
  /** The folder of results, from the current folder. Default: `results`. */
  readonly results?: string;
  /** Where the servers run. Default: `auto`, which is Docker where an engine answers, else plain processes. */
  readonly host?: HostChoice;
  /** A version or an image (`7.0`, `valkey-8.1`), or the path of a `redis-server`. */
  readonly redis?: string;
  /** `embedded` (the default), the URL of a Toxiproxy, or an image of one. */
  readonly toxiproxy?: string;
  /** How long the load lasts, in milliseconds, instead of the campaign's own. */
  readonly loadMs?: number;
  /** Aborted: the run heals its faults, saves its history and cleans up; what was recorded until then is judged. */
  readonly signal?: AbortSignal;
  /** Told in lines of text how the run goes on, such as `console.error`. */
  readonly onProgress?: (line: string) => void;
}

export interface ClaimResult
  extends Pick<Claim, "id" | "statement" | "standing" | "source">, Omit<CheckResult, "count"> {
  /** What the campaign expects; undefined where nobody can say that before. */
  readonly expect: Claim["expect"];
  /** How many violations there are; `findings` has the first ones. */
  readonly violations: number;
}

export interface RunResult {
  /** How the run came out: `passed` where every claim did as its campaign expects. */
  readonly outcome: Exclude<RunOutcome, "harness-failed">;
  /** The outcome in a sentence. */
  readonly sentence: string;
  readonly campaign: string;
  readonly seed: number;
  /** In the order of the campaign. */
  readonly claims: readonly ClaimResult[];
  /** Why nothing in this run can be believed; empty where all of it can be. */
  readonly doubts: readonly string[];
  /** The stored run: plan, history, verdict and report. */
  readonly folder: string;
  readonly reportFile: string;
  /** As `verdict.json` has it. */
  readonly verdict: Verdict;
}

/** No verdict came of a run. `folder` has what was recorded until then, where something was. */
export class RunFailedError extends RedquakeError {
  override readonly name = "RunFailedError";
  readonly code: "REDQUAKE_RUN_FAILED" | "REDQUAKE_RUN_SKIPPED" | "REDQUAKE_RUN_NOT_BEGUN";
  readonly origin = "machine";
  readonly folder: string | undefined;

  constructor(code: RunFailedError["code"], message: string, folder?: string) {
    super(message);
    this.code = code;
    this.folder = folder;
  }
}

/**
 * Runs a campaign once. Writes nothing to standard output or standard error, and listens for no signals.
 * @throws UsageError when the options ask for what cannot be done; RunFailedError when the harness failed in the run,
 * when it cannot be made here, or when `signal` was aborted before it began; HarnessError, HostError or
 * RedisMissingError when nothing can be run here at all.
 */
export async function run(campaign: Campaign, options: RunOptions = {}): Promise<RunResult> {
  assertCampaign(campaign);
  const { host = "auto", signal = new AbortController().signal, onProgress = () => undefined } = options;
  const seed = seedFrom(options.seed);
  const adapters = await adaptersFrom(options.adapter, campaign, onProgress);
  const toxiproxy = toxiproxyFrom(options.toxiproxy);
  const jobs = await planJobs({ campaigns: [campaign], adapters }, [seed], {
    loadMs: loadFrom(options.loadMs),
    command: { host, redis: options.redis, toxiproxy },
  });
  const { value } = await withSession(
    {
      host,
      redis: wantedRedis(options.redis, host),
      toxiproxy,
      results: userPath(options.results ?? "results"),
      sideBySide: 1,
      bail: false,
      signal,
      observer: observerFor(onProgress),
    },
    async (make) => (await make(jobs))[0],
  );
  return resultOf(value);
}

function assertCampaign(campaign: unknown): void {
  if (typeof campaign === "object" && campaign !== null && "plan" in campaign && typeof campaign.plan === "function")
    return;
  throw new UsageError(
    `run(${JSON.stringify(campaign)}) needs a campaign: one of \`campaigns\`, such as campaigns["lock-simple"], or what \`campaign({ … })\` of redquake/campaign makes`,
  );
}

function seedFrom(seed: number | undefined): number {
  if (seed === undefined) return freshSeed();
  if (Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED) return seed;
  throw new UsageError(
    `seed ${seed} must be a whole number from 0 to ${LARGEST_SEED}; without one, a new one is drawn`,
  );
}

function toxiproxyFrom(text = "embedded"): ToxiproxyChoice {
  try {
    return toxiproxyChoice(text);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`toxiproxy ${JSON.stringify(text)}: ${error.message}`);
    throw error;
  }
}

function loadFrom(loadMs: number | undefined): number | undefined {
  if (loadMs === undefined) return undefined;
  if (!Number.isFinite(loadMs) || loadMs < 1)
    throw new UsageError(`loadMs ${loadMs} must be a number of milliseconds from 1, such as 5000`);
  return Math.round(loadMs);
}

async function adaptersFrom(
  adapter: RunOptions["adapter"],
  campaign: Campaign,
  notice: (line: string) => void,
): Promise<Choice["adapters"]> {
  if (adapter === undefined) return undefined;
  if (typeof adapter !== "string" && !(adapter instanceof URL)) {
    throw new UsageError(
      'adapter must name the module that exports it, because each worker is a process of its own and loads it there: new URL("./my-lock.ts", import.meta.url), or a path',
    );
  }
  const named = adapter instanceof URL ? fileURLToPath(adapter) : adapter;
  return campaignsThatSuit([await adapterReplacement(named, notice)], [campaign], notice);
}

function observerFor(onProgress: (line: string) => void): SessionObserver {
  return {
    notice: onProgress,
    begins: (title) => ({
      observer: progressLines(`${titleOf(title)} (seed ${title.seed})`, onProgress),
      ended: () => undefined,
    }),
    recorded: () => undefined,
  };
}

function resultOf(end: CampaignEnd | undefined): RunResult {
  switch (end?.kind) {
    case undefined:
      throw new RunFailedError(
        "REDQUAKE_RUN_NOT_BEGUN",
        "the run was not begun, because the signal was aborted before",
      );
    case "skipped":
      throw new RunFailedError("REDQUAKE_RUN_SKIPPED", `${titleOf(end)} cannot run here: ${end.reason}`);
    case "harness-failed":
      throw new RunFailedError("REDQUAKE_RUN_FAILED", `${titleOf(end)}: ${end.reason}`, end.folder);
    case "judged": {
      const { verdict, folder, report } = end.judged;
      const { outcome, sentence, campaign, seed, doubts } = verdict;
      const claims = verdict.claims.map(({ claim, result }): ClaimResult => {
        const { count, ...rest } = result;
        const { id, statement, standing, source, expect } = claim;
        return { id, statement, standing, source, expect, violations: count, ...rest };
      });
      return { outcome, sentence, campaign, seed, claims, doubts, folder, reportFile: report, verdict };
    }
  }
}
