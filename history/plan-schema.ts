/**
 * What a stored plan must be to be carried out: a plan may come from a stranger. Its names become names of files and
 * folders, its texts are printed, and its numbers become waits and processes, so each has its shape and its range, and
 * there is nothing else in it. Whether what it names exists is not known here.
 *
 * Judging a stored run needs less: it must be possible for those of older versions, too.
 */
import { isAbsolute } from "node:path";
import { z } from "zod";
import type { Json } from "./operation.ts";
import type { Plan } from "./plan.ts";
import { isPlainLine } from "./visible.ts";

/** The largest seed of a plan, of a worker and of a fault. */
const LARGEST_SEED = 2 ** 32 - 1;
/** A week, in milliseconds: a timer can be set for it. */
const LONGEST_MS = 7 * 24 * 60 * 60 * 1_000;
const MOST_CHARACTERS = 10_000;
const MOST_NAME_CHARACTERS = 100;
const MOST_WORKERS = 100;
const MOST_FAULTS = 10_000;
const MOST_CLAIMS = 1_000;
const MOST_MODULES = 20;
const MOST_OPTIONS = 100;
const MOST_ITEMS = 10_000;
/** Nodes of one kind. */
const MOST_NODES = 50;
/** Options that are durations by their names, and may be negative. */
const SIGNED = new Set(["offsetMs"]);

const TEXT = z
  .string()
  .max(MOST_CHARACTERS)
  .refine(isPlainLine, "has characters that cannot be seen, such as control characters");
/** It becomes a part of the name of a file or a folder. */
const NAME = z
  .string()
  .max(MOST_NAME_CHARACTERS)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    "must begin with a letter or digit, and consist of letters, digits, . _ and -",
  );
const DURATION = z
  .number()
  .nonnegative("must not be negative, as it is a duration in milliseconds")
  .max(LONGEST_MS, `must be at most ${LONGEST_MS} milliseconds, which is a week`);
const COUNT = z.int().positive();
const SEED = z.int().nonnegative().max(LARGEST_SEED);

/** The values of options. An option whose name ends in `Ms` is a duration, wherever it is. */
const OPTION: z.ZodType<Json> = z.json();
const OPTIONS = z.record(TEXT, OPTION).superRefine((options, context) => {
  if (Object.keys(options).length > MOST_OPTIONS)
    context.addIssue({ code: "custom", message: `has more than ${MOST_OPTIONS} options` });
  for (const [name, value] of Object.entries(options))
    for (const message of problemsOf(name, value)) context.addIssue({ code: "custom", path: [name], message });
});

function* problemsOf(name: string, value: Json): Generator<string> {
  if (typeof value === "number" && name.endsWith("Ms")) {
    const least = SIGNED.has(name) ? -LONGEST_MS : 0;
    if (value < least || value > LONGEST_MS) yield `must be from ${least} to ${LONGEST_MS} milliseconds, not ${value}`;
  }
  if (typeof value === "string") {
    const { success, error } = TEXT.safeParse(value);
    if (!success) yield error.issues[0]?.message ?? "is no text";
  }
  if (typeof value !== "object" || value === null) return;
  const inner = Array.isArray(value) ? value.map((item) => [name, item] as const) : Object.entries(value);
  if (inner.length > MOST_ITEMS) yield `has more than ${MOST_ITEMS} items`;
  else for (const [innerName, item] of inner) yield* problemsOf(innerName, item);
}

const NODES = z.int().nonnegative().max(MOST_NODES).exactOptional();
const TIMEOUT = DURATION.exactOptional();
/** Lines of a server's configuration. */
const CONFIG = z.array(TEXT).max(MOST_OPTIONS).exactOptional();
const SYSTEM = z.discriminatedUnion("kind", [
  system("single", { config: CONFIG }),
  system("independent", { nodes: NODES, config: CONFIG }),
  system("sentinel", {
    replicas: NODES,
    sentinels: NODES,
    downAfterMs: TIMEOUT,
    failoverTimeoutMs: TIMEOUT,
    config: CONFIG,
  }),
  system("cluster", { primaries: NODES, replicasEach: NODES, spares: NODES, nodeTimeoutMs: TIMEOUT, config: CONFIG }),
  system("etcd", { nodes: NODES, heartbeatMs: TIMEOUT, electionMs: TIMEOUT, config: CONFIG }),
  system("zookeeper", { nodes: NODES, tickMs: TIMEOUT, config: CONFIG }),
]);

function system<Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, options: Shape) {
  return z.strictObject({ kind: z.literal(kind), options: z.strictObject(options) });
}

const BARRIER = z.strictObject({
  worker: NAME,
  point: TEXT,
  occurrence: COUNT.exactOptional(),
  holdMs: DURATION.exactOptional(),
  holdUntilHealed: TEXT.exactOptional(),
});

const SIGHTING = z.union([
  z.strictObject({ primary: TEXT }),
  z.strictObject({ clock: TEXT, passesMs: DURATION }),
  z.strictObject({
    event: TEXT,
    type: z.enum(["invoke", "ok", "fail", "info"]).exactOptional(),
    worker: TEXT.exactOptional(),
    node: TEXT.exactOptional(),
    occurrence: COUNT.exactOptional(),
  }),
]);

const MOMENT = z.strictObject({
  after: z.strictObject({ fault: TEXT, stage: z.enum(["active", "healed"]) }).exactOptional(),
  on: SIGHTING.exactOptional(),
  afterMs: DURATION.exactOptional(),
  at: BARRIER.exactOptional(),
  and: z.array(BARRIER).max(MOST_WORKERS).exactOptional(),
});

const CLAIM = z.strictObject({
  id: TEXT,
  statement: TEXT,
  standing: z.enum(["promised", "hoped"]),
  expect: z.enum(["holds", "broken"]).exactOptional(),
  source: TEXT,
  checker: TEXT,
  options: OPTIONS,
  workers: z.array(NAME).max(MOST_WORKERS).exactOptional(),
  needs: z
    .strictObject({
      during: z.int().nonnegative().exactOptional(),
      after: z.int().nonnegative().exactOptional(),
      since: z.int().nonnegative().exactOptional(),
      except: z.record(TEXT, TEXT).exactOptional(),
    })
    .exactOptional(),
});

const RUNNABLE_PLAN: z.ZodType<Plan> = z.strictObject({
  version: z.literal(1),
  campaign: NAME,
  title: TEXT,
  description: TEXT,
  seed: SEED,
  system: SYSTEM,
  workload: TEXT,
  options: OPTIONS,
  profile: z.enum(["raw", "app"]),
  workers: z
    .array(z.strictObject({ name: NAME, role: TEXT, seed: SEED, options: OPTIONS }))
    .min(1)
    .max(MOST_WORKERS),
  loadMs: DURATION,
  settleMs: DURATION,
  faults: z
    .array(z.strictObject({ id: TEXT, kind: TEXT, options: OPTIONS, start: MOMENT, end: MOMENT.exactOptional() }))
    .max(MOST_FAULTS),
  claims: z.array(CLAIM).max(MOST_CLAIMS),
  modules: z.array(TEXT.refine(isAbsolute, "must be an absolute path")).max(MOST_MODULES).exactOptional(),
});

/**
 * What keeps something from being a plan that can be carried out, such as `a wrong loadMs: must not be negative`;
 * undefined where nothing does.
 */
export function shapeProblem(plan: unknown): string | undefined {
  const [issue] = RUNNABLE_PLAN.safeParse(plan).error?.issues ?? [];
  return issue === undefined ? undefined : `a wrong ${issue.path.join(".") || "beginning"}: ${issue.message}`;
}
