/**
 * Stored runs for the tests: clients take turns with a lock of two seconds, and one is paused for three in
 * the middle of its critical section, while another loses its link for a while. The events are computed, not recorded,
 * so that the same seed always gives the same pictures.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Verdict } from "../../checkers/judge/verdict.ts";
import type { FaultMoment } from "../../history/nemesis-event.ts";
import { PHASES } from "../../history/nemesis-event.ts";
import type { EventType, HistoryEvent, Json } from "../../history/operation.ts";
import { NEMESIS } from "../../history/operation.ts";
import { History } from "../../history/history.ts";
import type { Plan } from "../../history/plan.ts";
import type { RunFacts } from "../../store/run-facts.ts";
import { subjectOf } from "../../history/vocabulary/read.ts";
import type { StoredRun } from "../../store/stored-run.ts";

export interface LockRunOptions {
  readonly seed: number;
  readonly workers: number;
  readonly keys: number;
  readonly loadMs: number;
  /** Text that is put wherever a server or a client could put text. */
  readonly hostile?: string;
}

const TTL_MS = 2000;
const PAUSE_MS = 3000;
const TIMEOUT_MS = 800;

interface Client {
  readonly name: string;
  process: number;
  at: number;
  state: "idle" | "waiting" | "holding" | "read" | "done";
  key: string;
  grant: string;
  token: number;
  validUntil: number;
  since: number;
  cycles: number;
  /** When its last read had ended. */
  askedAt: number;
}

type Draft = Omit<HistoryEvent, "index">;

export function lockRun(options: LockRunOptions, folder = "results/paused-holder/2026-11-25T00-40-12Z-42"): StoredRun {
  const events = simulate(options);
  const history = new History(events);
  const plan = planOf(options);
  return { folder, run: factsOf(options), plan, history, verdict: verdictOf(plan, history, options), warnings: [] };
}

/** The same as files: what a finished run leaves behind. */
export async function storeRun(run: StoredRun): Promise<void> {
  await mkdir(run.folder, { recursive: true });
  await writeFile(join(run.folder, "run.json"), JSON.stringify(run.run));
  await writeFile(join(run.folder, "plan.json"), JSON.stringify(run.plan));
  await writeFile(join(run.folder, "verdict.json"), JSON.stringify(run.verdict));
  await writeFile(
    join(run.folder, "history.jsonl"),
    run.history.events.map((event) => `${JSON.stringify(event)}\n`).join(""),
  );
}

function simulate({ seed, workers, keys, loadMs, hostile }: LockRunOptions): HistoryEvent[] {
  const random = mulberry(seed);
  const drafts: Draft[] = [];
  const locks = new Map<string, { grant: string; until: number }>();
  const sequence = new Map<string, number>();
  let tokens = 0;
  let processes = workers;
  const loadFrom = 620;
  const loadTo = loadFrom + loadMs;
  const cut = { from: loadFrom + loadMs * 0.62, to: loadFrom + loadMs * 0.62 + 1400 };
  let pausedFrom: number | undefined;
  const clients: Client[] = Array.from({ length: workers }, (_, i) => ({
    name: `w${i + 1}`,
    process: i,
    at: loadFrom + 5 + random() * 30,
    state: "idle",
    key: "",
    grant: "",
    token: 0,
    validUntil: 0,
    since: 0,
    cycles: 0,
    askedAt: 0,
  }));
  const put = (
    client: Client,
    type: EventType,
    f: string,
    ms: number,
    value: Json,
    more: Partial<Draft> = {},
  ): void => {
    drafts.push({ time: Math.round(ms * 1e6), process: client.process, type, f, value, worker: client.name, ...more });
  };
  const nemesis = (f: string, ms: number, value: object): void => {
    drafts.push({ time: Math.round(ms * 1e6), process: NEMESIS, type: "info", f, value: value as Json });
  };
  const fault = (f: string, ms: number, moment: FaultMoment): void => nemesis(f, ms, moment);
  /** One exchange with the server: true when the answer came back. */
  const exchange = (client: Client, f: string, asked: Json, answer: Json, more: Partial<Draft> = {}): boolean => {
    put(client, "invoke", f, client.at, asked);
    if (client.name === "w3" && client.at >= cut.from && client.at < cut.to) {
      client.at += TIMEOUT_MS;
      put(client, "info", f, client.at, asked, { error: hostile ?? "Command timed out" });
      client.process = processes++;
      client.state = "idle";
      return false;
    }
    client.at += latency(random);
    put(client, "ok", f, client.at, answer, { node: hostile ?? "n1", ...more });
    return true;
  };

  for (;;) {
    const client = clients.reduce((a, b) => (b.state !== "done" && (a.state === "done" || b.at < a.at) ? b : a));
    if (client.state === "done") break;
    const { key, grant, token } = client;
    if (client.state === "idle") {
      if (client.at > loadTo) {
        client.state = "done";
        continue;
      }
      client.key = hostile ?? `lock:${String.fromCharCode(97 + Math.floor(random() * keys))}`;
      client.since = client.at;
      put(client, "invoke", "acquire", client.at, client.key);
      client.at += latency(random);
      client.state = "waiting";
    } else if (client.state === "waiting") {
      const lock = locks.get(key);
      const cutOff = client.name === "w3" && client.at >= cut.from && client.at < cut.to;
      if (cutOff) {
        client.at += TIMEOUT_MS;
        put(client, "info", "acquire", client.at, key, { error: hostile ?? "Command timed out" });
        client.process = processes++;
        client.state = "idle";
      } else if (lock !== undefined && lock.until > client.at) {
        if (client.at - client.since > 1500) {
          put(client, "fail", "acquire", client.at, key, { error: "not obtained within 1500 ms", attempts: 61 });
          client.state = "idle";
          client.at += 10 + random() * 40;
        } else client.at += 4 + random() * 20;
      } else {
        client.grant = `${client.name}-${++client.cycles}`;
        client.token = ++tokens;
        client.validUntil = client.at + TTL_MS - 10;
        locks.set(key, { grant: client.grant, until: client.at + TTL_MS });
        put(
          client,
          "ok",
          "acquire",
          client.at,
          { key, grant: client.grant, token: client.token, validForMs: TTL_MS - 10 },
          { node: "n1" },
        );
        client.state = "holding";
        client.at += 0.3 + random();
      }
    } else if (client.state === "holding") {
      const seq = next(sequence, key);
      if (!exchange(client, "read", { key, grant, token }, { key, grant, value: seq, seq })) continue;
      client.state = "read";
      client.askedAt = client.at;
      if (client.name === "w1" && pausedFrom === undefined && client.at > loadFrom + loadMs * 0.18) {
        const t = client.at + 0.4;
        pausedFrom = t;
        const target = ["w1"];
        const title = `SIGSTOP ${hostile ?? "w1"}`;
        const trigger = "w1 at critical-section";
        fault("pause", t, { fault: "pause", stage: "inject", target, title, trigger });
        fault("pause", t + 2.1, {
          fault: "pause",
          stage: "active",
          target,
          title,
          trigger,
          probe: { ok: true, saw: hostile ?? "the process table shows w1 (4711) as stopped" },
        });
        fault("pause", t + PAUSE_MS, { fault: "pause", stage: "heal", target, title });
        fault("pause", t + PAUSE_MS + 1.7, {
          fault: "pause",
          stage: "healed",
          target,
          title,
          probe: { ok: true, saw: "the process table shows w1 as running" },
        });
        client.at = t + PAUSE_MS + 1.2;
      } else client.at += 0.5 + random() * 3;
    } else {
      const seq = next(sequence, key);
      // The library was asked before the pause, while its answer was still true.
      const askedAt = client.name === "w1" && client.at - client.askedAt > PAUSE_MS / 2 ? client.askedAt : client.at;
      const remainingMs = Math.round(client.validUntil - askedAt);
      if (
        !exchange(
          client,
          "write",
          { key, grant, value: seq, token, held: true, remainingMs },
          { key, grant, value: seq, seq },
        )
      )
        continue;
      client.at += 0.2 + random();
      const mine = locks.get(key)?.grant === grant;
      if (!exchange(client, "release", { key, grant }, { key, grant, freed: mine })) continue;
      if (mine) locks.delete(key);
      client.state = "idle";
      client.at += 1 + random() * 6;
    }
  }

  const link = { fault: "cut-w3", target: ["w3", "n1"], title: "drop w3 → n1" };
  fault("link", cut.from, { ...link, stage: "inject" });
  fault("link", cut.from + 3, {
    ...link,
    stage: "active",
    probe: { ok: true, saw: "a PING over the link was not answered within 300 ms" },
  });
  fault("link", cut.to, { ...link, stage: "heal" });
  fault("link", cut.to + 4, {
    ...link,
    stage: "healed",
    probe: { ok: true, saw: "a PING over the link was answered in 0.7 ms" },
  });
  const ended = drafts.reduce((last, draft) => Math.max(last, draft.time), 0) / 1e6;
  const phases = [4, loadFrom, ended + 3, ended + 20, ended + 60, ended + 310, ended + 330];
  PHASES.forEach((phase, i) => nemesis("phase", phases[i] ?? 0, { phase }));
  nemesis("links", ended + 58, { links: workers, failed: [] });
  fault("clock-jump", ended + 1, {
    fault: "late-jump",
    stage: "not-fired",
    target: ["n1"],
    title: "n1's clock +10 s",
    reason: "the load ended before cut-w3 had healed for 60 s",
  });
  return drafts.sort((a, b) => a.time - b.time).map((draft, index) => ({ index, ...draft }));
}

function next(sequence: Map<string, number>, key: string): number {
  const value = (sequence.get(key) ?? 0) + 1;
  sequence.set(key, value);
  return value;
}

function latency(random: () => number): number {
  const slow = random();
  return 0.18 + random() * 0.3 + (slow > 0.985 ? random() * 14 : 0);
}

function planOf({ seed, workers, loadMs, hostile }: LockRunOptions): Plan {
  return {
    version: 1,
    campaign: "lock-paused-holder",
    title: hostile ?? "A paused holder of a Redis lock",
    description:
      hostile ??
      "A garbage collection, a frozen virtual machine or a laptop that sleeps can stop a process for longer than its lock lives. This campaign stops one in the middle of its critical section.",
    seed,
    system: { kind: "single", options: {} },
    workload: "lock",
    options: { ttlMs: TTL_MS },
    profile: "raw",
    workers: Array.from({ length: workers }, (_, i) => ({
      name: `w${i + 1}`,
      role: "client",
      seed: seed + i,
      options: {},
    })),
    loadMs,
    settleMs: 250,
    faults: [
      {
        id: "pause",
        kind: "pause",
        options: { target: "w1" },
        start: { at: { worker: "w1", point: "critical-section" } },
        end: { afterMs: PAUSE_MS },
      },
      { id: "cut-w3", kind: "link", options: {}, start: { afterMs: loadMs * 0.62 }, end: { afterMs: 1400 } },
      {
        id: "late-jump",
        kind: "clock-jump",
        options: {},
        start: { after: { fault: "cut-w3", stage: "healed" }, afterMs: 60_000 },
      },
    ],
    claims: [
      claim(
        "mutual-exclusion",
        "At any moment at most one client holds the lock.",
        "hoped",
        "broken",
        "lock-mutual-exclusion",
      ),
      claim(
        "no-stale-write",
        "A client that has lost its lock can no longer write.",
        "hoped",
        "broken",
        "lock-stale-write",
      ),
      claim(
        "expiry",
        "A lock whose holder is silent becomes free when its time to live has passed.",
        "promised",
        "holds",
        "lock-liveness",
      ),
    ],
  };
}

function claim(
  id: string,
  statement: string,
  standing: "promised" | "hoped",
  expect: "holds" | "broken",
  checker: string,
): Plan["claims"][number] {
  return {
    id,
    statement,
    standing,
    expect,
    source: "Distributed Locks with Redis, https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/",
    checker,
    options: {},
  };
}

function factsOf({ seed, hostile, loadMs }: LockRunOptions): RunFacts {
  return {
    version: 1,
    campaign: "lock-paused-holder",
    seed,
    startedAt: "2026-11-25T00:40:12.345Z",
    durationMs: loadMs + 2210,
    redquake: "0.1.0",
    node: "v24.21.0",
    platform: "linux x64 6.1.0",
    cpus: 2,
    host: "process",
    hostDescription: hostile ?? "redis-server 7.0.15 from PATH, as plain processes",
    redisVersion: "7.0.15",
    toxiproxy: "embedded, API 2.12",
    profile: "raw",
    commandLine: `npm run campaigns -- lock-paused-holder --seed ${seed}${hostile ?? ""}`,
    gitRevision: "892f98f",
    clientLibraries: { ioredis: "6.0.0" },
  };
}

/** What a checker would find: the hold that outlived its validity, the one that began meanwhile, and the late write. */
function verdictOf(plan: Plan, history: History, { seed, hostile }: LockRunOptions): Verdict {
  const grantOf = (event: HistoryEvent | undefined): unknown =>
    typeof event?.value === "object" && event.value !== null && "grant" in event.value ? event.value.grant : undefined;
  const ops = history.operations;
  const active = history.nemesis.find((event) => event.f === "pause")?.time ?? 0;
  const first = ops.findLast(
    (op) =>
      op.f === "acquire" && op.completion?.type === "ok" && op.invoke.worker === "w1" && op.completion.time < active,
  );
  const key = subjectOf(first?.invoke ?? { value: null });
  const write = ops.find((op) => op.f === "write" && grantOf(op.invoke) === grantOf(first?.completion));
  const second = ops.find(
    (op) =>
      op.f === "acquire" &&
      op.completion?.type === "ok" &&
      subjectOf(op.invoke) === key &&
      op.completion.time > active &&
      op.invoke.worker !== "w1",
  );
  const secondWrite = ops.find((op) => op.f === "write" && grantOf(op.invoke) === grantOf(second?.completion));
  const release = ops.find((op) => op.f === "release" && grantOf(op.invoke) === grantOf(first?.completion));
  const indexes = (...events: (HistoryEvent | undefined)[]): number[] => events.flatMap((event) => event?.index ?? []);
  const sentence =
    hostile ??
    `w1 (grant ${String(grantOf(first?.completion))}) and ${second?.invoke.worker ?? ""} (grant ${String(grantOf(second?.completion))}) both held ${key}: w1 was stopped for 3 s inside its critical section, its lock of 2 s ran out, and it went on when it woke up.`;
  const results = [
    {
      verdict: "broken" as const,
      reason: "Two clients believed at the same time that they held the same lock.",
      findings: [
        {
          kind: "overlap",
          sentence,
          events: indexes(first?.completion, second?.completion, write?.invoke, release?.completion),
        },
        {
          kind: "overlap",
          sentence: "The same again, told shortly.",
          events: indexes(first?.completion, second?.completion),
        },
      ],
      count: 2,
      figures: {
        grants: ops.filter((op) => op.f === "acquire" && op.completion?.type === "ok").length,
        "longest wait ms": 1503.4,
      },
    },
    {
      verdict: "broken" as const,
      reason: "A write of an older grant arrived after one of a newer grant, and the resource took it.",
      findings: [
        {
          kind: "stale-write",
          sentence:
            hostile ??
            "w1 wrote under a grant that had been followed by a newer one, and overwrote what the newer holder had written.",
          events: indexes(
            first?.completion,
            second?.completion,
            secondWrite?.completion,
            write?.invoke,
            write?.completion,
          ),
        },
      ],
      count: 1,
      figures: { writes: ops.filter((op) => op.f === "write").length, stale: 1 },
    },
    {
      verdict: "holds" as const,
      reason: "Every lock that was not released became free within 2,031 ms.",
      findings: [],
      count: 0,
      figures: { expiries: 1, "slowest ms": 2031 },
    },
  ];
  return {
    version: 1,
    campaign: plan.campaign,
    seed,
    outcome: "passed",
    sentence:
      hostile ??
      "Two hopes were broken as expected, and the promise held: a paused holder shares its lock without knowing.",
    claims: plan.claims.flatMap((one, i) => {
      const result = results[i];
      return result === undefined ? [] : { claim: one, result };
    }),
    doubts: [],
  };
}

/** A small random generator for tests alone: the same seed, the same numbers. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
