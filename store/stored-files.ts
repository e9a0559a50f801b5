/** Shapes of the JSON files of a stored run, to tell a damaged file from a sound one before anything trusts it. */
import { z } from "zod";
import type { Plan } from "../history/plan.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Session } from "./session.ts";
import type { Verdict } from "../checkers/judge/verdict.ts";

/**
 * In a run that is only judged, a wrong number must not become one of a report or a sum: each is as it was written, or
 * the file is damaged.
 */
const duration = z.number().nonnegative();
const seed = z.int().nonnegative();
/** No folder can have a longer one. */
const name = z.string().max(255);

const options = z.record(z.string(), z.json());
const claimVerdict = z.enum(["holds", "broken", "vacuous", "unknown"]);

const barrier = z.object({
  worker: z.string(),
  point: z.string(),
  occurrence: z.number().exactOptional(),
  holdMs: z.number().exactOptional(),
  holdUntilHealed: z.string().exactOptional(),
});

const sighting = z.union([
  z.object({ primary: z.string() }),
  z.object({ clock: z.string(), passesMs: z.number() }),
  z.object({
    event: z.string(),
    type: z.enum(["invoke", "ok", "fail", "info"]).exactOptional(),
    worker: z.string().exactOptional(),
    node: z.string().exactOptional(),
    occurrence: z.number().exactOptional(),
  }),
]);

const moment = z.object({
  after: z.object({ fault: z.string(), stage: z.enum(["active", "healed"]) }).exactOptional(),
  on: sighting.exactOptional(),
  at: barrier.exactOptional(),
  and: z.array(barrier).exactOptional(),
  afterMs: z.number().exactOptional(),
});

const claim = z.object({
  id: z.string(),
  statement: z.string(),
  standing: z.enum(["promised", "hoped"]),
  expect: z.enum(["holds", "broken"]).exactOptional(),
  source: z.string(),
  checker: z.string(),
  options,
  workers: z.array(z.string()).exactOptional(),
  needs: z
    .object({
      during: z.number().exactOptional(),
      after: z.number().exactOptional(),
      since: z.number().exactOptional(),
      except: z.record(z.string(), z.string()).exactOptional(),
    })
    .exactOptional(),
});

const stretch = z.object({
  from: z.number(),
  to: z.number(),
  kinds: z.array(
    z.object({
      f: z.string(),
      tried: z.number(),
      open: z.number(),
      counted: z.number(),
      workers: z.record(z.string(), z.number()),
    }),
  ),
});

const coverage = z.object({
  end: z.enum(["succeeded", "refused", "answered", "tried"]),
  byNewHolders: z.boolean().exactOptional(),
  load: stretch,
  faults: z.array(z.object({ fault: z.string(), title: z.string(), during: stretch, after: stretch.exactOptional() })),
});

export const planFile: z.ZodType<Plan> = z.object({
  version: z.literal(1),
  campaign: name,
  title: z.string(),
  description: z.string(),
  seed,
  system: z.object({ kind: z.enum(["single", "independent", "sentinel", "cluster", "etcd", "zookeeper"]), options }),
  workload: z.string(),
  options,
  profile: z.enum(["raw", "app"]),
  workers: z.array(z.object({ name, role: z.string(), seed, options })),
  loadMs: duration,
  settleMs: duration,
  faults: z.array(z.object({ id: z.string(), kind: z.string(), options, start: moment, end: moment.exactOptional() })),
  claims: z.array(claim),
  modules: z.array(z.string()).exactOptional(),
});

export const runFile: z.ZodType<RunFacts> = z.object({
  version: z.literal(1),
  campaign: name,
  seed,
  startedAt: z.string(),
  durationMs: duration,
  redquake: z.string(),
  node: z.string(),
  platform: z.string(),
  cpus: z.number().nonnegative(),
  machine: z.string().exactOptional(),
  host: z.enum(["process", "docker"]),
  hostDescription: z.string(),
  redisVersion: z.string(),
  toxiproxy: z.string(),
  profile: z.enum(["raw", "app"]),
  commandLine: z.string(),
  gitRevision: z.string().exactOptional(),
  clientLibraries: z.record(z.string(), z.string()),
  interrupted: z.boolean().exactOptional(),
  failure: z.string().exactOptional(),
  lock: z.string().exactOptional(),
  adapter: z.string().exactOptional(),
  note: z.string().exactOptional(),
});

export const verdictFile: z.ZodType<Verdict> = z.object({
  version: z.literal(1),
  campaign: name,
  seed,
  outcome: z.enum(["failed", "undecided", "not-demonstrated", "not-applicable", "passed"]),
  sentence: z.string(),
  claims: z.array(
    z.object({
      claim,
      result: z.object({
        verdict: claimVerdict,
        reason: z.string(),
        findings: z.array(z.object({ kind: z.string(), sentence: z.string(), events: z.array(z.number()) })),
        count: z.number().nonnegative(),
        figures: options,
        coverage: coverage.exactOptional(),
      }),
      inapplicable: z.literal(true).exactOptional(),
    }),
  ),
  doubts: z.array(z.string()),
});

export const sessionFile: z.ZodType<Session> = z.object({
  version: z.literal(1),
  startedAt: z.string(),
  machine: z.string(),
  shard: z.string().exactOptional(),
  runs: z.array(
    z.object({
      campaign: name,
      seed,
      end: z.enum(["waiting", "judged", "interrupted", "skipped", "harness-failed"]),
      reason: z.string().exactOptional(),
      folder: z.string().exactOptional(),
    }),
  ),
});
